import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { STANDING } from "../../src/accounts/facts.ts";
import { type Service, startService } from "../../src/service/server.ts";
import { STATUS_ADDRESS, STATUS_TOKEN } from "../../src/service/status-facts.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { WHOLE_PROGRAM } from "../../src/store/whole-program.ts";
import { serviceOptions } from "../service/visitor.ts";
import { connectionRecord } from "../store/builders.ts";
import { type Folder, makeFolder, run } from "./program.ts";

const CONFIG = `version: 1
module: {code: rulebot, name: Helper, public_url: "https://bot.example"}

service: {admin_password: "\${ADMIN_PASSWORD}", encryption_key: "\${ENCRYPTION_KEY}"}
storage: ./data/rulebot.db
`;
const ENV = { ADMIN_PASSWORD: "a-password-of-the-test", ENCRYPTION_KEY: "ab".repeat(32) };

let folder: Folder;
let store: Store | null = null;
let service: Service | null = null;
beforeEach(async () => {
  folder = await makeFolder({ "bot.config.yaml": CONFIG });
});
afterEach(async () => {
  await service?.close();
  await store?.close();
  service = null;
  store = null;
  await folder.remove();
});

const status = () => run(["status"], { folder, env: ENV });

async function openFilled(): Promise<Store> {
  store = await openStore(join(folder.path, "data/rulebot.db"));
  await store.addConnection(connectionRecord("north", { apiKey: "a-key" }));
  await store.addConnection(connectionRecord("south", { apiKey: "a-key", paused: true }));
  await store.saveFact("north", STANDING, { kind: "refused", why: "key" });
  return store;
}

it("says that no account is connected where none is", async () => {
  expect(await status()).toEqual({
    code: 0,
    stdout: "program: not running\nNo account is connected yet.\n",
    stderr: "",
  });
});

it("says of each account how it stands, as its pages do", async () => {
  await openFilled();
  expect((await status()).stdout.split("\n")).toEqual([
    "program: not running",
    expect.stringMatching(/^https:\/\/north\.example: The CRM no longer accepts the API key\./),
    expect.stringMatching(/^https:\/\/south\.example: The operator of the bot has paused it\./),
    "",
  ]);
});

it("knows from the running program how its sockets are", async () => {
  const filled = await openFilled();
  await filled.saveFact("north", STANDING, { kind: "registered", why: null });
  const token = "a-token-of-the-test";
  service = await startService({
    ...serviceOptions({ many: null }).options,
    statusToken: token,
    status: async () => ({
      connections: [
        { id: "north", socket: { state: "waiting" } },
        { id: "south", elsewhere: true },
      ],
    }),
  });
  await filled.saveFact(WHOLE_PROGRAM, STATUS_TOKEN, token);
  await filled.saveFact(WHOLE_PROGRAM, STATUS_ADDRESS, `http://127.0.0.1:${service.port}`);
  expect((await status()).stdout.split("\n").slice(0, 2)).toEqual([
    "program: running",
    "https://north.example: The chats do not answer at the moment. The bot tries again by itself.",
  ]);
});
