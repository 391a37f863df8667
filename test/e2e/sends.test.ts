import { expect, it } from "vitest";
import type { Fault, Sandbox } from "../../src/sandbox/index.ts";
import { connected, heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const SENDING = { method: "POST", path: "/api/bot/v1/messages" };
const ECHO = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "{{ message.text }}"
    - tag: "answered {{ message.text }}"
`;
const FILES = { "bot.config.yaml": connected(ECHO, "bot: {answers_per_minute: 100, requests_per_second: 50}") };

function tagged(sandbox: Sandbox, count: number): Promise<void> {
  const tags = () => [...sandbox.world.dialogs.values()].flatMap((dialog) => dialog.tags);
  return sandbox.until(() => tags().length >= count, 15_000);
}

const sends = (sandbox: Sandbox) =>
  sandbox.requests.filter(({ method, path }) => method === SENDING.method && path === SENDING.path);

it("finds a message that was taken although its answer was lost, and never sends it again", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: FILES });
  const lost: readonly Fault[] = [
    { kind: "status", status: 500, applied: true },
    { kind: "html", status: 502, applied: true },
    { kind: "html", applied: true },
    { kind: "reset_after" },
    { kind: "truncate" },
  ];
  for (const fault of lost) sandbox.faults.add({ ...fault, match: SENDING });
  const names = lost.map((_, index) => `Customer${index}`);
  for (const name of names) {
    sandbox.newCustomer({ name, channel: "telegram" });
    sandbox.customerSays(name, { customer: name });
  }
  await tagged(sandbox, lost.length);
  expect(spoken(sandbox).toSorted()).toEqual(names.map((name) => `public: ${name}`));
  expect(sends(sandbox)).toHaveLength(lost.length);
  const told = bot.logs.filter(({ msg }) => msg === "the answer to a call was lost; looking whether it was sent");
  expect(told.map(({ operation, rule }) => [operation, rule])).toEqual(lost.map(() => ["sendMessage", "Echo"]));
});

it("gives up a message that the gateway does not take, says why, and does what comes next", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: FILES });
  sandbox.faults.add({ kind: "status", status: 400, body: { errors: ["content is too long"] }, match: SENDING });
  sandbox.customerSays("one");
  await tagged(sandbox, 1);
  sandbox.customerSays("two");
  expect(await heard(sandbox, 1)).toEqual(["public: two"]);
  expect(sends(sandbox)).toHaveLength(2);
  expect(await bot.logged(({ msg }) => msg === "call failed")).toMatchObject({
    level: 40,
    status: 400,
    reason: "content is too long",
    operation: "sendMessage",
    rule: "Echo",
  });
});

it("waits as long as the gateway asks, keeps the order of a chat, and loses nothing", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  const headers = { "retry-after": "1" };
  sandbox.faults.add({ kind: "status", status: 429, headers, body: { errors: ["too many requests"] }, match: SENDING });
  const limited = sandbox.waitFor((change) => change.kind === "answered" && change.request.status === 429);
  sandbox.customerSays("1");
  await limited;
  const known = sandbox.requests.length;
  const askedAt = sends(sandbox)[0]?.at ?? 0;
  sandbox.newCustomer({ name: "Luis", channel: "telegram" });
  sandbox.customerSays("other chat", { customer: "Luis" });
  for (const text of ["2", "3"]) sandbox.customerSays(text, { customer: "Marta Lind" });
  await tagged(sandbox, 4);
  expect(spoken(sandbox).filter((text) => !text.includes("other"))).toEqual(["public: 1", "public: 2", "public: 3"]);
  expect(spoken(sandbox)).toHaveLength(4);
  const later = sandbox.requests.slice(known).filter(({ server }) => server === "gateway");
  expect(Math.min(...later.map(({ at }) => at - askedAt))).toBeGreaterThanOrEqual(1_000);
});

it("answers the other chats while the message of one is being looked for", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.faults.add({ kind: "reset_before", match: SENDING });
  const struck = sandbox.waitFor(({ kind }) => kind === "fault");
  sandbox.customerSays("first");
  await struck;
  sandbox.customerSays("second");
  sandbox.newCustomer({ name: "Luis", channel: "telegram" });
  sandbox.customerSays("other chat", { customer: "Luis" });
  // The first chat's next message must not overtake the one whose fate is unknown.
  expect(await heard(sandbox, 1)).toEqual(["public: other chat"]);
  await tagged(sandbox, 1);
  expect(spoken(sandbox)).toEqual(["public: other chat"]);
});

it("takes a message that the messenger could not deliver for `reply_failed`, and does not send it again", async (test) => {
  const rules = `${ECHO}- rule: Not delivered
  when: {reply_failed: any}
  do:
    - note: "Not delivered: {{ message.text }}"
`;
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules) } });
  const sent = sandbox.waitFor(
    (change) => change.kind === "message_changed" && change.message.from?.type === "bot",
    15_000,
  );
  sandbox.customerSays("hello");
  const change = await sent;
  sandbox.messageFails("message" in change ? change.message.id : 0, "access_restricted");
  expect((await heard(sandbox, 2)).toSorted()).toEqual(["private: Not delivered: hello", "public: hello"]);
  expect(sends(sandbox)).toHaveLength(2);
});

it("is harmed neither by frames it cannot read, nor by event types it does not know, nor by a huge frame", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: FILES });
  const bad = ["no JSON, but a customer's words", '{"type": "message_new"}', "[]", '{"type":7,"data":{}}'];
  for (const frame of bad) sandbox.sendFrame(frame);
  sandbox.sendFrame('{"type": "brand_new", "meta": {"timestamp": 1}, "data": {"chat": {"id": 1}, "more": [null]}}');
  sandbox.sendFrame(
    '{"type":"message_new","meta":{"timestamp":1},"data":{"message":{"id":9007199254740993,"chat_id":1}}}',
  );
  sandbox.sendFrame('{"type": "message_new", "meta": {"timestamp": 1}, "data": {"message": {"id": 7}}}');
  sandbox.customerSays("still there?");
  expect(await heard(sandbox, 1)).toEqual(["public: still there?"]);
  const unread = bot.logs.filter(({ msg }) => msg === "a frame could not be read");
  expect(unread).toHaveLength(bad.length + 1);
  expect(bot.output()).not.toContain("a customer's words");

  const open = sandbox.waitFor(({ kind }) => kind === "socket_opened", 15_000);
  const closed = sandbox.waitFor(({ kind }) => kind === "socket_closed");
  sandbox.sendFrame(JSON.stringify({ type: "message_new", data: { padding: "x".repeat(2 * 1024 * 1024) } }));
  await closed;
  expect(await bot.logged(({ msg }) => /^a frame was too large/.test(String(msg)))).toMatchObject({ level: 40 });
  await open;
  sandbox.customerSays("and now?");
  expect((await heard(sandbox, 2)).at(-1)).toBe("public: and now?");
  expect(bot.errors()).toBe("");
});

it("leaves commands alone that it did not publish, and removes only its own", async (test) => {
  const sandbox = await sandboxFor(test);
  const command = "- rule: Help\n  when: {command: help}\n  do:\n    - reply: Help.\n";
  const head = "commands: {help: What the bot can do}";
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(command, head) } });
  const names = () => [...sandbox.world.commands.values()].map(({ name }) => name);
  await sandbox.until(() => names().includes("help"));
  const token = sandbox.world.modules.get("rulebot")?.token ?? "";
  await fetch(`${sandbox.gatewayUrl}/api/bot/v1/my/commands/foreign`, {
    method: "PUT",
    headers: { "content-type": "application/json", "x-bot-token": token },
    body: JSON.stringify({ name: "foreign", description: "Somebody else's" }),
  });
  expect(names()).toEqual(["help", "foreign"]);
  await bot.save("bot.config.yaml", connected(ECHO));
  await sandbox.until(() => !names().includes("help"), 15_000);
  expect(names()).toEqual(["foreign"]);
});
