import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pairing } from "../lab/audit.ts";
import { saveRoot } from "../lab/broken-files.ts";
import { configOf } from "../lab/config.ts";
import { atLeast, atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";

const ROOT = "bot.config.yaml";

/** A file with so many rules, which is how the log tells one from another. */
function withRules(count: number): string {
  const more = Array.from({ length: count - 1 }, (_, at) => {
    return `- rule: Never ${at}\n  when: {message_is: never ${at}}\n  do:\n    - tag: never\n`;
  });
  const echo = '- rule: Echo\n  when: {message: any}\n  do:\n    - reply: "re {{ message.text }}"\n';
  return configOf({ rules: `${more.join("")}${echo}` });
}

/** Ways in which people, editors and orchestrators save a file. */
const WAYS: Readonly<Record<string, (folder: string, text: string) => Promise<void>>> = {
  "in two halves": async (folder, text) => {
    const half = Math.floor(text.length / 2);
    await writeFile(join(folder, ROOT), text.slice(0, half));
    await sleep(200);
    await writeFile(join(folder, ROOT), text.slice(half), { flag: "a" });
  },
  "by renaming, as editors do": async (folder, text) => {
    await writeFile(join(folder, "save.tmp"), text);
    await rename(join(folder, "save.tmp"), join(folder, ROOT));
  },
  "away for a second": async (folder, text) => {
    await rm(join(folder, ROOT));
    await sleep(1_000);
    await writeFile(join(folder, ROOT), text);
  },
  "100 times in a second": async (folder, text) => {
    for (let at = 0; at < 99; at++) {
      await writeFile(join(folder, ROOT), `${text}# ${at}\n`);
      await sleep(9);
    }
    await writeFile(join(folder, ROOT), text);
  },
  "by swapping a link to its folder, first": (folder, text) => swapFolder(folder, text, "..first"),
  "by swapping a link to its folder, again": (folder, text) => swapFolder(folder, text, "..second"),
};

/** As Kubernetes does: the root file is a link into `..data`, which is a link to the present folder. */
async function swapFolder(folder: string, text: string, name: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, ROOT), text);
  await symlink(name, join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  await symlink(join("..data", ROOT), join(folder, "root_tmp"));
  await rename(join(folder, "root_tmp"), join(folder, ROOT));
}

const READ = "the files were read again";
const FAULTY = "the files have faults; the rules before go on";

export const saving = scenario({
  id: "F48",
  faults: ["F48"],
  promise: "P8",
  title: "files saved in halves, renamed, taken away for a second, saved 100 times, swapped by a link",
  asked: {
    "in force within": atMost(5, "s"),
    "readings for 100 saves": atMost(3),
    "half a file taken for a faulty one": NONE,
    ...ONCE,
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: 20 });
    const bot = await stand.start();
    const load = startLoad(stand, { perSecond: 6.5 });
    const spans: number[] = [];
    let readings = 0;
    for (const [at, [name, save]] of Object.entries(WAYS).entries()) {
      const before = bot.logs.filter(({ msg }) => msg === READ).length;
      await save(stand.folder, withRules(at + 2));
      const savedAt = Date.now();
      await untilRead(stand, at + 2);
      spans.push(Date.now() - savedAt);
      if (name.startsWith("100")) readings = bot.logs.filter(({ msg }) => msg === READ).length - before;
      lab.tell(`${name}: ${spans.at(-1)} ms`);
    }
    load.stop();
    const found = await settled(stand);
    return {
      extent: `${spans.length} ways of saving, ${found.asked} messages`,
      reached: {
        "in force within": Math.max(...spans) / 1_000,
        "readings for 100 saves": readings,
        "half a file taken for a faulty one": bot.logs.filter(({ msg }) => msg === FAULTY).length,
        ...once(found),
      },
    };
  },
});

const untilRead = ({ bot }: Stand, rules: number) => bot().logged((line) => line.msg === READ && line.rules === rules);

const versioned = (version: number) => `
- rule: Echo
  when: {message: any}
  do:
    - reply: "re {{ message.text }} v${version}"
`;

/** Five hundred messages are being answered while the rules change. */
export const inFlight = scenario({
  id: "F49",
  faults: ["F49"],
  promise: "P8 P3",
  title: "the rules change while 500 messages are being answered",
  asked: { ...ONCE, "answers by neither version": NONE, "messages of the new version": atLeast(1) },
  async run(lab) {
    const stand = await openStand(lab, { customers: 50, rules: versioned(0) });
    const bot = await stand.start();
    await saveRoot(stand.folder, configOf({ rules: versioned(1) }));
    await startLoad(stand, { perSecond: lab.size(400, 50), most: lab.size(500, 60) }).done;
    await bot.logged(({ msg }) => msg === READ);
    stand.sandbox.customerSays("last", { customer: stand.customers[0] ?? 0 });
    const pairing: Pairing = {
      asks: ({ content }) => content,
      answers: ({ content }) => /^re (\S+) v[01]$/.exec(content)?.[1] ?? null,
    };
    const found = await settled(stand, { pairing });
    const answers = stand.said().filter(({ by }) => by === "bot");
    return {
      extent: `${found.asked} messages`,
      reached: {
        ...once(found),
        "answers by neither version": answers.filter(({ content }) => !/ v[01]$/.test(content)).length,
        "messages of the new version": answers.filter(({ content }) => content.endsWith(" v1")).length,
      },
    };
  },
});
