import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TAKEOVER_MS } from "../helpers/test-store.ts";
import { connected, listeningBot, sandboxFor, spoken } from "./bot.ts";

const RULES = `
- rule: Answer
  when: {message: any}
  do:
    - reply: Once.
    - tag: answered
`;

// Side by side: both wait most of the time.
it.concurrent.for([
  { received: true, why: "it is found there, and not sent again", withinMs: 15_000 },
  { received: false, why: "it is sent once no look-up finds it, 30 s after the first try", withinMs: 50_000 },
])(
  "answers an event once after a kill -9 with its answer under way (received: $received): $why",
  { timeout: 70_000 + TAKEOVER_MS },
  async ({ received, withinMs }, test) => {
    const sandbox = await sandboxFor(test);
    const folder = await mkdtemp(join(tmpdir(), "rulebot-"));
    test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const files = { "bot.config.yaml": connected(RULES) };
    const first = await listeningBot(test, sandbox, { files, folder });
    sandbox.faults.add({ kind: "hang", applied: received, match: { method: "POST", path: "/api/bot/v1/messages" } });
    const asked = sandbox.waitFor((change) => change.kind === "fault");
    sandbox.customerSays("hello");
    await asked;
    await first.stop("SIGKILL");
    await listeningBot(test, sandbox, { files, folder });
    await sandbox.until(({ dialogs }) => [...dialogs.values()].some(({ tags }) => tags.length > 0), withinMs);
    expect(spoken(sandbox)).toEqual(["public: Once."]);
  },
);
