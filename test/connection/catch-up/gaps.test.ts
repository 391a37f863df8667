import { afterEach, describe, expect, it } from "vitest";
import { createCrmApi } from "../../../src/api/crm.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import type { Connection, ConnectionOptions } from "../../../src/connection/connection.ts";
import type { Decided } from "../../../src/connection/deciding/deciding.ts";
import type { SandboxOptions } from "../../../src/sandbox/index.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import { rulebook } from "../../engine/world.ts";
import { type Account, botTexts, openAccount } from "../account.ts";

/** Every message is answered with its own text: what was answered, how often and in which order is seen at a glance. */
const ECHO = "- rule: Echo\n  when: {message: any}\n  do:\n    - reply: '{{ message.text }}'\n";
const BOT = "bot: {requests_per_second: 90, answers_per_minute: 1000}";
const echo = rulebook(ECHO, BOT);

let account: Account;
afterEach(() => account.stop());

async function running(options: SandboxOptions = {}, over: Partial<ConnectionOptions> = {}): Promise<Connection> {
  account = await openAccount(options);
  return listening(over);
}

async function listening(over: Partial<ConnectionOptions> = {}): Promise<Connection> {
  const connection = await account.connect({ rulebook: echo, ...over });
  await connection.listening;
  return connection;
}

const CUSTOMERS = ["Ana", "Boris", "Chloe"] as const;
const LIST = { method: "GET", path: "/api/bot/v1/messages" };
const SOCKET = { path: "/api/bot/v1/ws" };

function meet(): void {
  for (const name of CUSTOMERS) account.sandbox.newCustomer({ name, channel: "telegram" });
}

const says = (text: string, customer = "Ana") => account.sandbox.customerSays(text, { customer });

/** Three messages of each customer, mixed. */
function talk(): void {
  for (const n of [1, 2, 3]) for (const name of CUSTOMERS) says(`${name} ${n}`, name);
}

const TALK = {
  Ana: ["Ana 1", "Ana 2", "Ana 3"],
  Boris: ["Boris 1", "Boris 2", "Boris 3"],
  Chloe: ["Chloe 1", "Chloe 2", "Chloe 3"],
};

/** What the bot has said in all to each customer, in order. */
function answers(): Readonly<Record<string, readonly string[]>> {
  const { world } = account.sandbox;
  const names = [...world.chats.values()].map(({ id, customerId }) => {
    const name = world.customers.get(customerId)?.firstName ?? "";
    return [name, botTexts(account.sandbox, id)] as const;
  });
  return Object.fromEntries(names);
}

const answered = (count: number) => account.sandbox.until(() => botTexts(account.sandbox).length >= count, 20_000);

/** Everything the bot has said to anyone, the staff included, oldest first. */
function said(): readonly string[] {
  return [...account.sandbox.world.messages.values()]
    .filter(({ from }) => from?.type === "bot")
    .toSorted((left, right) => left.id - right.id)
    .map(({ content }) => content ?? "");
}

const heard = (count: number) => account.sandbox.until(() => said().length >= count, 20_000);

/** Cuts every socket and lets none open again until the returned function is called. */
async function cut(): Promise<() => void> {
  const closed = account.sandbox.waitFor(({ kind }) => kind === "socket_closed");
  const mend = account.sandbox.faults.add({ kind: "status", status: 503, times: null, match: SOCKET });
  account.sandbox.disconnectSockets({ abrupt: true });
  await closed;
  return mend;
}

const catchUp = async (connection: Connection) => (await connection.status()).catch_up;

/** Resolves when the log has this line. */
const logged = (text: string) => expect.poll(() => account.log.text().includes(text), { timeout: 20_000 }).toBe(true);

/** A moment after which everything that was to be said has been said: a message of now, answered. */
async function afterwards(text = "and now"): Promise<void> {
  account.sandbox.newCustomer({ name: "Last", channel: "telegram" });
  says(text, "Last");
  await heardOf(text);
}

const heardOf = (text: string) => account.sandbox.until(() => botTexts(account.sandbox).includes(text), 20_000);

/** So many answers have come back over the socket, and are decided: a gap that begins now has none of them in it. */
async function echoed(count: number): Promise<void> {
  const isEcho = ({ event }: Decided) => JSON.stringify(event.data.message ?? {}).includes('"type":"bot"');
  const isSent = ({ event }: Decided) => event.type === "message_updated";
  await expect.poll(() => account.decided.filter((one) => isEcho(one) && isSent(one)).length).toBe(count);
}

describe("what customers write while nobody listens is answered once and in order", () => {
  it("after the network was cut", async () => {
    await running();
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    talk();
    mend();
    await answered(10);
    expect(answers()).toMatchObject({ ...TALK, Ana: ["before", ...TALK.Ana] });
  });

  it("after the program had ended and is started again", async () => {
    const first = await running();
    meet();
    says("before");
    await answered(1);
    await first.drain();
    talk();
    await listening();
    await answered(10);
    expect(answers()).toMatchObject({ ...TALK, Ana: ["before", ...TALK.Ana] });
  });

  it("after the gateway was away, and before anything that comes over the new socket", async () => {
    await running();
    meet();
    says("before");
    await answered(1);
    await account.sandbox.down("gateway");
    talk();
    const opened = account.sandbox.waitFor(({ kind }) => kind === "socket_opened");
    await account.sandbox.up("gateway");
    await opened;
    says("after");
    await answered(11);
    expect(answers()).toMatchObject({ ...TALK, Ana: ["before", ...TALK.Ana, "after"] });
  });

  it("after the token was changed", async () => {
    const connection = await running();
    meet();
    says("before");
    await answered(1);
    const { crmUrl, apiKey } = account.sandbox;
    const record = await account.store.connection(connection.id);
    const crm = createCrmApi({
      url: crmUrl,
      apiKey,
      clock: systemClock,
      random: () => 0,
      log: account.log.log,
    });
    const base = {
      code: "rulebot",
      name: "Helper",
      clientId: record?.clientId ?? "",
      baseUrl: "http://localhost:8080",
    };
    const closed = account.sandbox.waitFor(({ kind }) => kind === "socket_closed");
    await crm.editModule({ ...base, integrations: { mgBot: { refreshToken: true } } });
    crm.close();
    await closed;
    talk();
    await answered(10);
    expect(answers()).toMatchObject({ ...TALK, Ana: ["before", ...TALK.Ana] });
  });

  it("after the storage had refused events for a while", async () => {
    account = await openAccount();
    const { store, sandbox } = account;
    let isFull = false;
    const receive: Store["receive"] = async (...given) => {
      if (isFull) throw new StoreError("the disk is full");
      return store.receive(...given);
    };
    await listening({ store: { ...store, receive } });
    meet();
    says("before");
    await answered(1);
    isFull = true;
    const closed = sandbox.waitFor(({ kind }) => kind === "socket_closed");
    says("in hand");
    await closed;
    talk();
    isFull = false;
    await answered(11);
    expect(answers()).toMatchObject({ ...TALK, Ana: ["before", "in hand", ...TALK.Ana] });
  });
});

describe("a gap of three pages", () => {
  /** Only some of many messages are answered, so that the test is quick. */
  const some = rulebook("- rule: Some\n  when: {message_has: please}\n  do:\n    - reply: '{{ message.text }}'\n", BOT);
  const manners = (["service", "reversed"] as const).flatMap((order) =>
    [true, false].flatMap((idBoundsIncluded) =>
      [true, false].map((repeatsRows) => ({ order, idBoundsIncluded, repeatsRows })),
    ),
  );

  it.each(manners)(
    "is filled whole, once and in order, with a list like $order, $idBoundsIncluded, $repeatsRows",
    async (manner) => {
      await running({ behaviour: { ...manner, mostPerPage: 100 } }, { rulebook: some });
      meet();
      says("please");
      await answered(1);
      const mend = await cut();
      const names = [...CUSTOMERS, ...Array.from({ length: 10 }, (_, index) => `Customer ${index}`)];
      for (const name of names.slice(CUSTOMERS.length)) account.sandbox.newCustomer({ name, channel: "telegram" });
      for (let n = 0; n < 19; n++) for (const name of names) says(n === 9 ? `please ${n}` : `${n}`, name);
      mend();
      await answered(14);
      await logged("a gap is filled");
      await expect.poll(() => customersDecided().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(248);
      const ids = [...account.sandbox.world.messages.values()]
        .filter(({ from }) => from?.type === "customer")
        .map(({ id, chatId }) => ({ id, chatId }));
      for (const chatId of new Set(ids.map((one) => one.chatId))) {
        const own = (rows: readonly { id: number; chatId: number }[]) =>
          rows.filter((row) => row.chatId === chatId).map(({ id }) => id);
        expect(own(customersDecided())).toEqual(own(ids).toSorted((left, right) => left - right));
      }
      const asked = account.sandbox.requests.filter(({ method, path }) => method === LIST.method && path === LIST.path);
      expect(asked.length).toBeGreaterThanOrEqual(3);
    },
  );

  function customersDecided(): readonly { id: number; chatId: number }[] {
    return account.decided.flatMap(({ event }) => {
      const { id, from } = (event.data.message ?? {}) as { id?: number; from?: { type: string } };
      if (event.type !== "message_new" || from?.type !== "customer") return [];
      return [{ id: id ?? 0, chatId: event.chatId ?? 0 }];
    });
  }
});

describe("while a gap is being filled", () => {
  it("what comes over the socket is held, and each message is answered once and in order", async () => {
    await running();
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    talk();
    account.sandbox.faults.add({ kind: "slow", ms: 300, match: LIST });
    const asked = account.sandbox.waitFor((change) => change.kind === "fault" && change.path === LIST.path, 20_000);
    mend();
    await asked;
    for (const name of CUSTOMERS) says(`${name} live`, name);
    // Both on the socket and in the list, which is read after this.
    expect(said()).toEqual(["before"]);
    await answered(13);
    expect(answers()).toMatchObject({
      Ana: ["before", ...TALK.Ana, "Ana live"],
      Boris: [...TALK.Boris, "Boris live"],
      Chloe: [...TALK.Chloe, "Chloe live"],
    });
  });

  it("a list that fails is asked again until it answers, and nothing is said before", async () => {
    await running();
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    says("missed");
    account.sandbox.faults.add({ kind: "status", status: 502, times: 4, match: LIST });
    mend();
    await logged("what was missed cannot be found out");
    says("live");
    expect(said()).toEqual(["before"]);
    await answered(3);
    expect(answers()).toMatchObject({ Ana: ["before", "missed", "live"] });
  });

  it("a program that ends leaves what it held to the next one", async () => {
    const first = await running();
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    says("missed");
    const heal = account.sandbox.faults.add({ kind: "status", status: 502, times: null, match: LIST });
    mend();
    await logged("what was missed cannot be found out");
    says("held");
    await expect.poll(() => account.store.heldLanes(first.id)).toHaveLength(1);
    await first.drain();
    expect(said()).toEqual(["before"]);
    heal();
    await listening();
    await answered(3);
    expect(answers()).toMatchObject({ Ana: ["before", "missed", "held"] });
  });

  it("no timer fires: the customer it would remind has written in the gap", async () => {
    const rules = `${ECHO}
- rule: Still there
  when: {customer_silent: 1s}
  do:
    - reply: Still there?
`;
    const { id } = await running({}, { rulebook: rulebook(rules, BOT) });
    meet();
    says("hi");
    await expect.poll(() => account.store.nextTimer(id)).not.toBeNull();
    const mend = await cut();
    says("I am here");
    // The list answers only after the reminder has been due.
    account.sandbox.faults.add({ kind: "slow", ms: 1_500, times: 1, match: LIST });
    mend();
    await answered(3);
    expect(said()).toEqual(["hi", "I am here", "Still there?"]);
  });

  it("a reply that was planned before is not sent if a manager has written meanwhile", async () => {
    await running();
    meet();
    account.sandbox.faults.add({
      kind: "status",
      status: 429,
      headers: { "retry-after": "1" },
      match: { method: "POST", path: "/api/bot/v1/messages" },
    });
    const refused = account.sandbox.waitFor((change) => change.kind === "answered" && change.request.status === 429);
    const question = says("question");
    await refused;
    const mend = await cut();
    account.sandbox.managerSays("I take this one", { chat: question.chatId });
    mend();
    await afterwards();
    expect(answers()).toMatchObject({ Ana: [], Last: ["and now"] });
  });
});

describe("after a gap", () => {
  it("fails without the words of the staff in a gap: a question that a manager has answered in it is not answered again", async () => {
    await running();
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    const question = says("question", "Boris");
    account.sandbox.managerSays("I take this one", { chat: question.chatId });
    const later = says("another question", "Chloe");
    account.sandbox.managerSays("and this one", { chat: later.chatId });
    account.sandbox.closeByManager({ chat: later.chatId });
    mend();
    await afterwards();
    expect(answers()).toMatchObject({ Ana: ["before"], Boris: [], Chloe: [] });
  });

  it("rules for dialogs hear what happened in it, once, and of nothing before it again", async () => {
    const rules = `
- rule: Assigned
  when: {dialog: assigned}
  do:
    - note: "{{ manager.name }} has {{ customer.first_name }}"
- rule: Closed
  when: {dialog: closed}
  do:
    - note: "{{ customer.first_name }} is done"
- rule: Opened
  when: {dialog: opened}
  do:
    - reply: "Welcome {{ customer.first_name }}"
`;
    await running({}, { rulebook: rulebook(rules, BOT) });
    meet();
    const first = says("before");
    account.sandbox.assignByManager("Anna", { chat: first.chatId });
    await heard(2);
    const mend = await cut();
    const second = says("question", "Boris");
    account.sandbox.assignByManager("Anna", { chat: second.chatId });
    account.sandbox.assignByManager("Ivan", { chat: second.chatId });
    account.sandbox.closeByManager({ chat: first.chatId });
    mend();
    await heard(6);
    await logged("a gap is filled");
    says("x", "Chloe");
    await heard(7);
    expect(said().toSorted()).toEqual([
      "Ana is done",
      "Anna Petrova has Ana",
      "Anna Petrova has Boris",
      "Ivan Sidorov has Boris",
      "Welcome Ana",
      "Welcome Boris",
      "Welcome Chloe",
    ]);
  });

  it("an edit and a failed reply are heard of once", async () => {
    const rules = `${ECHO}
- rule: Edited
  when: {event: message_updated}
  if: {is: {event.message.is_edit: true}}
  do:
    - note: "edited: {{ event.message.content }}"
- rule: Failed
  when: {reply_failed: any}
  do:
    - note: "failed: {{ message.text }}"
`;
    await running({}, { rulebook: rulebook(rules, BOT) });
    meet();
    const first = says("one");
    const second = says("two");
    await heard(2);
    account.sandbox.customerEdits(first.id, "one, edited");
    await heard(3);
    const mend = await cut();
    account.sandbox.customerEdits(second.id, "two, edited");
    const reply = [...account.sandbox.world.messages.values()].find(
      ({ content, from }) => content === "two" && from?.type === "bot",
    );
    account.sandbox.messageFails(reply?.id ?? 0, "access_restricted");
    mend();
    await heard(5);
    await afterwards();
    expect(
      said()
        .filter((text) => text.includes(":"))
        .toSorted(),
    ).toEqual(["edited: one, edited", "edited: two, edited", "failed: two"]);
  });

  it("it is known who came online and who left in it, before anything is decided", async () => {
    const rules = `
- rule: To sales
  when: {message: any}
  do:
    - assign: sales
      pick: round_robin
`;
    const teams = "teams: {sales: {people: [Anna Petrova, Ivan Sidorov]}}";
    account = await openAccount();
    account.sandbox.setOnline("Anna Petrova", true);
    account.sandbox.setOnline("Ivan Sidorov", false);
    await listening({ rulebook: rulebook(rules, teams) });
    meet();
    const mend = await cut();
    account.sandbox.setOnline("Anna Petrova", false);
    account.sandbox.setOnline("Ivan Sidorov", true);
    says("question");
    const assigned = account.sandbox.waitFor(({ kind }) => kind === "assigned", 20_000);
    mend();
    const ivan = [...account.sandbox.world.people.values()].find(({ firstName }) => firstName === "Ivan");
    expect(await assigned).toMatchObject({ dialog: { responsible: { type: "user", id: ivan?.id } } });
  });

  it("dialogs and chats of many are read from their lists, not one by one", async () => {
    await running();
    const mend = await cut();
    meet();
    for (const name of CUSTOMERS) account.sandbox.closeByManager({ chat: says("bye", name).chatId });
    mend();
    await afterwards();
    const alone = account.sandbox.requests.filter(
      ({ path, query }) => /\/(chats|dialogs)$/.test(path) && /\bid=/.test(query),
    );
    expect(alone).toEqual([]);
    expect(answers()).toMatchObject({ Ana: [], Boris: [], Chloe: [] });
  });

  it("the status tells how many messages were recovered", async () => {
    const connection = await running();
    meet();
    says("before");
    await echoed(1);
    expect(await catchUp(connection)).toMatchObject({ gap: false, holding: false, gaps: 0, recovered: 0 });
    const mend = await cut();
    says("missed");
    mend();
    await answered(2);
    await logged("a gap is filled");
    expect(await catchUp(connection)).toMatchObject({
      gap: false,
      holding: false,
      trouble: null,
      gaps: 1,
      recovered: 1,
      lost: { too_old: 0, too_many: 0, perhaps_more: false, unread_lists: [] },
    });
  });
});

describe("what is too late", () => {
  /** A gateway whose clock can be turned back, so that what happens there is old. */
  function gatewayClock(): { readonly clock: Clock; back(ms: number): void } {
    let behindMs = 0;
    return {
      clock: { ...systemClock, now: () => Date.now() - behindMs },
      back(ms) {
        behindMs = ms;
      },
    };
  }
  const MINUTE = 60_000;
  const rules = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "{{ message.text }}"
    - tag: waiting
`;

  it("is not answered any more, but what a rule does for the staff is done", async () => {
    const { clock, back } = gatewayClock();
    await running({ clock }, { rulebook: rulebook(rules, BOT) });
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    back(11 * MINUTE);
    for (let n = 0; n < 12; n++) says(`old ${n}`, "Boris");
    back(9 * MINUTE);
    says("not so old", "Boris");
    back(0);
    mend();
    await heardOf("not so old");
    expect(answers()).toMatchObject({ Boris: ["not so old"] });
    const { dialogs, chats, customers } = account.sandbox.world;
    const boris = [...customers.values()].find(({ firstName }) => firstName === "Boris");
    const chat = [...chats.values()].find(({ customerId }) => customerId === boris?.id);
    const dialog = [...dialogs.values()].find(({ chatId }) => chatId === chat?.id);
    expect(dialog?.tags.map(({ name }) => name)).toEqual(["waiting"]);
    const late = account.decided.filter(({ verdicts }) =>
      verdicts.some(({ steps }) => steps.some(({ reason }) => reason === "late")),
    );
    expect(late).toHaveLength(12);
    // They count as no answers either: nobody is told that the bot has said too much.
    expect(said().filter((text) => text.includes("too often"))).toEqual([]);
  });

  it("by more than a day is left out and counted", async () => {
    const { clock, back } = gatewayClock();
    const connection = await running({ clock });
    meet();
    says("before");
    await echoed(1);
    const mend = await cut();
    back(25 * 60 * MINUTE);
    says("yesterday", "Boris");
    back(0);
    says("today");
    mend();
    await answered(2);
    await logged("a gap is filled, but for what is lost");
    expect(await catchUp(connection)).toMatchObject({ gaps: 1, recovered: 1, lost: { too_old: 2 } });
    const contents = account.decided.map(({ event }) => JSON.stringify(event.data));
    expect(contents.filter((text) => text.includes("yesterday"))).toEqual([]);
  });

  it("to be read, such as a list of dialogs that always fails, is named", async () => {
    const connection = await running();
    meet();
    says("before");
    await answered(1);
    const mend = await cut();
    says("missed");
    account.sandbox.faults.add({ kind: "status", status: 403, times: null, match: { path: "/api/bot/v1/dialogs" } });
    mend();
    await answered(2);
    await logged("a gap is filled, but for what is lost");
    expect(await catchUp(connection)).toMatchObject({ lost: { unread_lists: ["dialogs"] } });
  });
});

describe("a message that an open socket has left out", () => {
  it("is found within the hour, and answered", async () => {
    // An hour passes in half a second, and the ten seconds that a message may be on its way in a moment.
    const after: Clock["after"] = (ms, task) => systemClock.after(ms === 3_600_000 ? 500 : Math.min(ms, 3_000), task);
    const connection = await running({}, { clock: { ...systemClock, after } });
    meet();
    says("before");
    await answered(1);
    account.sandbox.customerSaidUnheard(["unheard"], { customer: "Boris" });
    await answered(2);
    expect(answers()).toMatchObject({ Ana: ["before"], Boris: ["unheard"] });
    expect(account.sandbox.socketCount()).toBe(1);
    await expect.poll(() => catchUp(connection)).toMatchObject({ gaps: 0, silent: { missed: 2 } });
  });
});

describe("the first connection ever", () => {
  it("answers nothing that was written before it, and asks for no messages", async () => {
    account = await openAccount();
    meet();
    says("long ago");
    await listening();
    says("now");
    await answered(1);
    expect(answers()).toMatchObject({ Ana: ["now"] });
    const asked = account.sandbox.requests.filter(({ method, path }) => method === LIST.method && path === LIST.path);
    expect(asked.filter(({ query }) => !query.includes("chat_id"))).toEqual([]);
  });

  it("is not filled from before it by the gap that follows at once", async () => {
    account = await openAccount();
    meet();
    says("long ago");
    const first = await listening();
    await first.drain();
    says("missed");
    await listening();
    await answered(1);
    await afterwards();
    expect(answers()).toMatchObject({ Ana: ["missed"] });
  });
});
