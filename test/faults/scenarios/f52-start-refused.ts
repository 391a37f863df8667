import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf, startBot } from "../../e2e/bot.ts";
import { configOf } from "../lab/config.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, STORAGE, type Stand } from "../lab/stand.ts";

/** A database that is damaged in each of these ways. */
const DAMAGE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  "its first page is overwritten": (bytes) => Buffer.concat([Buffer.alloc(4_096, 7), bytes.subarray(4_096)]),
  "its middle is overwritten": (bytes) => {
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 4_096);
    return damaged;
  },
  "half of it is missing": (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2) + 100),
  "it is another kind of file": () => Buffer.from("not a database at all ".repeat(500)),
};

/** A second program on the same data, and damaged data. */
export const startRefused = scenario({
  id: "F52",
  faults: ["F52", "F53"],
  promise: "P23",
  title: "two programs on one file; a damaged database",
  asked: {
    "refused within": atMost(10, "s"),
    "started all the same": NONE,
    "refused without a sentence": NONE,
    "files changed or deleted": NONE,
    ...ONCE,
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: 3, level: "warn" });
    await stand.start();
    const load = startLoad(stand, { perSecond: 5 });
    const refusals = [await tryToStart(stand, stand.folder)];
    load.stop();
    const found = await settled(stand);
    await stand.bot().stop();
    const good = await readFile(join(stand.folder, STORAGE));
    let changed = 0;
    for (const [name, damage] of Object.entries(DAMAGE)) {
      const folder = join(stand.folder, name.replaceAll(" ", "-"));
      await mkdir(join(folder, "data"), { recursive: true });
      await cp(join(stand.folder, "bot.config.yaml"), join(folder, "bot.config.yaml"));
      const damaged = damage(good);
      await writeFile(join(folder, STORAGE), damaged);
      refusals.push(await tryToStart(stand, folder));
      const after = await readFile(join(folder, STORAGE)).catch(() => Buffer.alloc(0));
      changed += Number(!after.equals(damaged));
    }
    return {
      extent: `${refusals.length} starts`,
      reached: {
        "refused within": Math.max(...refusals.map(({ tookMs }) => tookMs)) / 1_000,
        "started all the same": refusals.filter(({ code }) => code === null || code === 0).length,
        "refused without a sentence": refusals.filter(({ errors }) => !/\.\s*$/.test(errors) || /\n\s+at /.test(errors))
          .length,
        "files changed or deleted": changed,
        ...once(found),
      },
    };
  },
});

const PATIENCE_MS = 20_000;

async function tryToStart({ sandbox, crmProxy }: Stand, folder: string) {
  const beganAt = Date.now();
  const tasks: (() => Promise<void>)[] = [];
  const bot = await startBot(
    { onTestFinished: (task) => void tasks.push(task) },
    { files: { "bot.config.yaml": configOf() }, folder, env: { ...accountOf(sandbox), CRM_URL: crmProxy.url } },
  );
  const code = await Promise.race([bot.ended, sleep(PATIENCE_MS, null)]);
  const tookMs = Date.now() - beganAt;
  for (const task of tasks) await task();
  return { code, tookMs, errors: bot.errors() };
}
