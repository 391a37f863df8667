import { beforeEach, describe, expect, it } from "vitest";
import { createPerforming } from "../../src/connection/performing/performing.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import type { Guard, PlannedCall } from "../../src/types/plan.ts";
import { rulebook } from "../engine/world.ts";
import { call, dialog } from "../store/builders.ts";
import { CONNECTION, type Desk, failure, lane, openDesk, ownRow, text } from "./desk.ts";

const CHAT = 7;
const LOST = failure({ status: null, sent: "maybe" });
const NOBODY = failure({ status: null, sent: "no" });

let desk: Desk;
let perform: () => Promise<number | null>;

beforeEach(async () => {
  desk = await openDesk();
  const performing = createPerforming(desk.context);
  perform = () => performing(lane(CHAT));
  // As if a customer's message had just come in.
  desk.context.newest.note(CHAT, 900);
});

const planText = (key: string, content: string, over: Partial<PlannedCall> = {}) =>
  desk.plan(call(key, { call: text(content), ...over }));

const planAssign = (key = "assign") =>
  desk.plan(
    call(key, {
      call: { operation: "assignDialogResponsible", path: { dialog_id: 70 }, query: {}, body: { user_id: 12 } },
    }),
  );

/** Performs, moving time on as far as the lane asks, until it has nothing more to do. */
async function performAll(): Promise<void> {
  for (let rounds = 0; rounds < 200; rounds++) {
    const waitMs = await perform();
    if (waitMs === null) return;
    await desk.clock.advance(waitMs);
  }
  throw new Error("the lane never comes to rest");
}

/** Calls wait for their turn until it is given; `awaited` resolves when the first one does. */
function heldTurn() {
  const awaited = Promise.withResolvers<void>();
  const given = Promise.withResolvers<void>();
  desk.turn = () => {
    awaited.resolve();
    return given.promise;
  };
  return { awaited: awaited.promise, give: given.resolve };
}

const contents = () => desk.sent.map(({ body }) => body?.content);

describe("calls of a lane", () => {
  it("go out in order, each once", async () => {
    await desk.plan(
      call("a", { call: text("one") }),
      call("b", { call: text("two") }),
      call("c", { call: text("three") }),
    );
    await performAll();
    expect(contents()).toEqual(["one", "two", "three"]);
    expect(await desk.states()).toEqual({ a: "sent", b: "sent", c: "sent" });
  });

  it("wait while there is no link to the gateway", async () => {
    await planText("a", "one");
    desk.setLink(null);
    expect(await perform()).toBe(null);
    expect(desk.sent).toEqual([]);
    expect(await desk.states()).toEqual({ a: "pending" });
  });

  it("leave the bot's last message in the dialog behind, for edit and delete", async () => {
    await desk.store.saveDialogs(CONNECTION, [dialog(70)]);
    desk.reactions.push({ message_id: 4711 });
    await planText("a", "one");
    await desk.plan(
      call("edit", {
        needs: "last_message",
        call: { operation: "editMessage", path: {}, query: {}, body: { content: "better" } },
      }),
    );
    await performAll();
    expect((await desk.store.dialog(CONNECTION, 70))?.lastOwnMessageId).toBe(4711);
    expect(desk.sent.at(-1)?.path).toEqual({ message_id: 4711 });
  });

  it("that need the bot's last message fail alone where it has none", async () => {
    await desk.store.saveDialogs(CONNECTION, [dialog(70)]);
    await desk.plan(
      call("delete", { needs: "last_message", call: { operation: "deleteMessage", path: {}, query: {}, body: null } }),
      call("next", { call: text("next") }),
    );
    await performAll();
    expect(await desk.states()).toEqual({ delete: "failed", next: "sent" });
  });

  it("wake their lane when they end, since a run may wait for them", async () => {
    await planText("a", "one");
    await performAll();
    expect(desk.woken).toEqual([CHAT]);
  });
});

describe("a public message", () => {
  const guard = (over: Partial<Guard> = {}): Guard => ({
    dialogId: 70,
    inputAt: desk.clock.now(),
    heardAt: desk.clock.now(),
    answerWithinMs: 600_000,
    evenWithManager: false,
    evenIfClosed: false,
    ...over,
  });

  it.each([
    { why: "closed", over: () => ({ closedAt: desk.clock.now() }), state: "dropped" },
    { why: "manager", over: () => ({ lastManagerAt: desk.clock.now() + 1 }), state: "dropped" },
    { why: "nothing", over: () => ({}), state: "sent" },
  ])("fails without the freshness check: is $state when the dialog says: $why", async ({ why, over, state }) => {
    await desk.store.saveDialogs(CONNECTION, [dialog(70, over())]);
    await planText("a", "one", { guard: guard() });
    await performAll();
    expect(await desk.states()).toEqual({ a: state });
    expect(desk.sent.length).toBe(state === "sent" ? 1 : 0);
    const [row] = await desk.store.outbox(CONNECTION, { limit: 1 });
    if (state === "dropped") expect(row?.outcome).toEqual({ ok: false, reason: why });
  });

  it("fails without the second look at its turn: is looked at again when its turn to be sent comes: a manager may have written while the gateway asked for patience", async () => {
    const turn = heldTurn();
    await desk.store.saveDialogs(CONNECTION, [dialog(70)]);
    await planText("a", "one", { guard: guard() });
    const performed = perform();
    await turn.awaited;
    await desk.store.saveDialogs(CONNECTION, [dialog(70, { lastManagerAt: desk.clock.now() + 1 })]);
    turn.give();
    await performed;
    expect(desk.sent).toEqual([]);
    expect(await desk.states()).toEqual({ a: "dropped" });
  });

  it("is not sent when its chat is deleted while it waits for its turn", async () => {
    const turn = heldTurn();
    await planText("a", "one");
    const performed = perform();
    await turn.awaited;
    await desk.store.forgetChats(CONNECTION, [CHAT], desk.clock.now());
    turn.give();
    await performed;
    expect(desk.sent).toEqual([]);
    expect(await desk.states()).toEqual({ a: "dropped" });
  });

  it("counts as under way only from its turn on: killed before, it need not be looked for", async () => {
    const turn = heldTurn();
    await planText("a", "one");
    const performed = perform();
    await turn.awaited;
    expect(await desk.states()).toEqual({ a: "pending" });
    turn.give();
    await performed;
    expect(await desk.states()).toEqual({ a: "sent" });
  });

  it("waits, and need not be looked for, when the socket is lost before its turn comes or while it is noted", async () => {
    const link = desk.context.link();
    const turn = heldTurn();
    await planText("a", "one");
    const performed = perform();
    await turn.awaited;
    desk.setLink(null);
    turn.give();
    await performed;
    expect(await desk.states()).toEqual({ a: "pending" });

    desk.setLink(link);
    const losing: Store = {
      ...desk.store,
      async beginCall(...call) {
        desk.setLink(null);
        return desk.store.beginCall(...call);
      },
    };
    await createPerforming({ ...desk.context, store: losing })(lane(CHAT));
    expect(await desk.states()).toEqual({ a: "pending" });

    desk.setLink(link);
    await performAll();
    expect(contents()).toEqual(["one"]);
    expect(desk.asked).toEqual([]);
  });

  it("is asked while it waits for its turn whether it may go, and does not take it once the socket is lost", async () => {
    const link = desk.context.link();
    if (link === null) throw new Error("the desk has no link");
    await planText("a", "one");
    let turns = 0;
    desk.setLink({
      ...link,
      async send(_call, { mayGo }) {
        mayGo();
        desk.setLink(null);
        mayGo();
        turns += 1;
        return null;
      },
    });
    await perform();
    expect([turns, await desk.states()]).toEqual([0, { a: "pending" }]);
    desk.setLink(link);
    await performAll();
    expect(contents()).toEqual(["one"]);
  });

  it("stays as it was when the store fails as its turn comes", async () => {
    const store = { ...desk.store, beginCall: async () => Promise.reject(new StoreError("the disk is full")) };
    await planText("a", "one");
    await expect(createPerforming({ ...desk.context, store })(lane(CHAT))).rejects.toThrow("the disk is full");
    expect(desk.sent).toEqual([]);
    expect(await desk.states()).toEqual({ a: "pending" });
  });

  it("is dropped when the trouble of the gateway has made it too old", async () => {
    await planText("a", "one", { guard: guard({ answerWithinMs: 30_000 }) });
    desk.reactions.push(...Array.from({ length: 10 }, () => NOBODY));
    await performAll();
    expect(await desk.states()).toEqual({ a: "dropped" });
  });
});

describe("a call the server refuses for good", () => {
  it("fails with the server's words, and the next action goes on", async () => {
    desk.reactions.push(
      failure({ kind: "bad_request", status: 400, sent: "no", errors: ["Text is too long", "Try less"] }),
    );
    await desk.plan(call("a", { call: text("one") }), call("b", { call: text("two") }));
    await performAll();
    expect(await desk.states()).toEqual({ a: "failed", b: "sent" });
    const rows = await desk.store.outbox(CONNECTION, { state: "failed", limit: 1 });
    expect(rows[0]?.outcome).toEqual({ ok: false, reason: "Text is too long; Try less" });
  });

  it("is done when it is a repeatable one that finds its work done", async () => {
    desk.reactions.push(
      failure({ kind: "bad_request", status: 400, sent: "no", errors: ["dialog is already closed"] }),
    );
    await desk.plan(
      call("close", { call: { operation: "closeDialog", path: { dialog_id: 70 }, query: {}, body: null } }),
    );
    await performAll();
    expect(await desk.states()).toEqual({ close: "sent" });
  });
});

describe("a call the server can't take just now", () => {
  it("waits as long as the server asks and is then sent", async () => {
    desk.reactions.push(failure({ kind: "limited", status: 429, sent: "no", retryAfterMs: 3_000 }));
    await planText("a", "one");
    expect(await perform()).toBe(3_000);
    await desk.clock.advance(2_999);
    expect(await perform()).toBe(1);
    expect(desk.sent.length).toBe(1);
    await desk.clock.advance(1);
    await performAll();
    expect(await desk.states()).toEqual({ a: "sent" });
  });

  it("fails without the limit of five minutes at the head: lets the chat go on after five minutes of being put off", async () => {
    const limited = failure({ kind: "limited", status: 429, sent: "no", retryAfterMs: 60_000 });
    desk.reactions.push(...Array.from({ length: 6 }, () => limited));
    await desk.plan(call("a", { call: text("one") }), call("b", { call: text("two") }));
    await performAll();
    expect(await desk.states()).toEqual({ a: "failed", b: "sent" });
  });

  it("is kept however long while no server answers at all", async () => {
    desk.reactions.push(...Array.from({ length: 40 }, () => NOBODY));
    await planAssign();
    await performAll();
    expect(await desk.states()).toEqual({ assign: "sent" });
    expect(desk.sent.length).toBe(41);
  });

  it("is sent again when it is repeatable and its answer was lost", async () => {
    desk.reactions.push(LOST, {});
    await planAssign();
    await performAll();
    expect(desk.sent.map(({ operation }) => operation)).toEqual(["assignDialogResponsible", "assignDialogResponsible"]);
    expect(await desk.states()).toEqual({ assign: "sent" });
  });
});

describe("a message whose answer was lost", () => {
  it("fails without the look-up before a re-send: is looked up after 3 s above the highest id known before, and not sent again when found", async () => {
    desk.reactions.push(LOST);
    desk.lists.listMessages = [ownRow(900, "one"), ownRow(905, " one ")];
    await planText("a", "one");
    expect(await perform()).toBe(3_000);
    expect(await desk.states()).toEqual({ a: "unknown" });
    await performAll();
    expect(desk.asked).toEqual([
      { operation: "listMessages", path: {}, query: { chat_id: 7, bot_id: 9, since_id: 900, limit: 1000 }, body: null },
    ]);
    expect(contents()).toEqual(["one"]);
    const [row] = await desk.store.outbox(CONNECTION, { limit: 1 });
    expect(row).toMatchObject({ state: "sent", outcome: { ok: true, body: { message_id: 905 } } });
  });

  it("fails without the limit of one re-send: is sent once more when it is not there 30 s later, and never a third time", async () => {
    desk.reactions.push(LOST, LOST);
    await planText("a", "one");
    const began = desk.clock.now();
    await perform();
    while (desk.sent.length === 1) await desk.clock.advance((await perform()) ?? 0);
    expect(desk.clock.now() - began).toBeGreaterThanOrEqual(30_000);
    await performAll();
    expect(contents()).toEqual(["one", "one"]);
    expect(await desk.states()).toEqual({ a: "failed" });
    expect(desk.log.text()).toContain("a call was sent twice and is not to be found; the chat goes on without it");
  });

  it("is confirmed by the look-up after the second sending, too", async () => {
    desk.reactions.push(LOST, LOST);
    await planText("a", "one");
    await perform();
    while (desk.sent.length === 1) await desk.clock.advance((await perform()) ?? 0);
    desk.lists.listMessages = [ownRow(906, "one")];
    await performAll();
    expect(await desk.states()).toEqual({ a: "sent" });
    expect(contents()).toEqual(["one", "one"]);
  });

  it("is sent once more after five minutes of an unreadable list where the shop wants that, and never a third time", async () => {
    desk.useRules(rulebook("- rule: Any\n  when: {message: any}\n  do: [{note: x}]", "bot: {when_unsure: resend}"));
    desk.reactions.push(LOST, LOST);
    desk.lists.listMessages = failure({ status: 500 });
    await planText("a", "one");
    const began = desk.clock.now();
    while (desk.sent.length < 2) await desk.clock.advance((await perform()) ?? 0);
    expect(desk.clock.now() - began).toBeGreaterThanOrEqual(300_000);
    await performAll();
    expect(contents()).toEqual(["one", "one"]);
    expect(await desk.states()).toEqual({ a: "failed" });
  });

  it("is never sent again while the list can't be read; after five minutes the chat goes on", async () => {
    desk.reactions.push(LOST);
    desk.lists.listMessages = failure({ status: 500 });
    await desk.plan(call("a", { call: text("one") }), call("b", { call: text("two") }));
    const began = desk.clock.now();
    await performAll();
    expect(contents()).toEqual(["one", "two"]);
    expect(await desk.states()).toEqual({ a: "failed", b: "sent" });
    expect(desk.clock.now() - began).toBeGreaterThanOrEqual(300_000);
    expect(desk.log.text()).toContain("nobody knows whether a call was sent; the chat goes on");
  });

  it("is not sent again because the list's answer is no list", async () => {
    desk.reactions.push(LOST);
    desk.lists.listMessages = { messages: "none" };
    await planText("a", "one");
    await performAll();
    expect(contents()).toEqual(["one"]);
    expect(await desk.states()).toEqual({ a: "failed" });
  });

  it("is confirmed by one message alone: an equal second one is another row's", async () => {
    desk.reactions.push(LOST, LOST);
    desk.lists.listMessages = [ownRow(905, "same")];
    await desk.plan(call("a", { call: text("same") }), call("b", { call: text("same") }));
    await perform();
    await desk.clock.advance(3_000);
    await perform();
    desk.lists.listMessages = [ownRow(905, "same"), ownRow(907, "same")];
    await performAll();
    const rows = await desk.store.outbox(CONNECTION, { limit: 2 });
    expect(rows.map(({ outcome }) => outcome).reverse()).toEqual([
      { ok: true, body: { message_id: 905 } },
      { ok: true, body: { message_id: 907 } },
    ]);
    expect(contents()).toEqual(["same", "same"]);
  });
});

describe("a call found under way at the start", () => {
  it("fails without the state of a send under way: is looked up when it must not happen twice", async () => {
    await planText("a", "one");
    await desk.store.beginCall(CONNECTION, "a", desk.clock.now(), 900);
    desk.lists.listMessages = [ownRow(901, "one")];
    await performAll();
    expect(desk.sent).toEqual([]);
    expect(await desk.states()).toEqual({ a: "sent" });
  });

  it("is simply done again when it is repeatable", async () => {
    await planAssign();
    await desk.store.beginCall(CONNECTION, "assign", desk.clock.now(), null);
    await performAll();
    expect(desk.sent.length).toBe(1);
    expect(await desk.states()).toEqual({ assign: "sent" });
  });

  it("is bounded by what the gateway says where nothing was seen yet of the chat", async () => {
    const other = createPerforming(desk.context);
    desk.lists.listMessages = [ownRow(55, "an older answer"), ownRow(77, "one")];
    desk.reactions.push(LOST);
    await desk.plan(call("a", { chatId: 8, call: text("one", 8) }));
    await other(lane(8));
    const [row] = await desk.store.outbox(CONNECTION, { limit: 1 });
    expect(row).toMatchObject({ state: "unknown", sinceMessageId: 77 });
  });
});

describe("a refused token", () => {
  it("stops the connection, and the call is kept", async () => {
    desk.reactions.push(failure({ kind: "refused", status: 401, sent: "no" }));
    await planText("a", "one");
    await perform();
    expect(desk.refusals).toBe(1);
    expect(await desk.states()).toEqual({ a: "pending" });
  });

  it("is told from a right that one operation lacks", async () => {
    desk.reactions.push(failure({ kind: "refused", status: 403, sent: "no", errors: ["Not allowed"] }));
    desk.lists.listBots = [{ id: 9, name: "Helper", is_self: true }];
    await desk.plan(call("a", { call: text("one") }), call("b", { call: text("two") }));
    await performAll();
    expect(desk.refusals).toBe(0);
    expect(await desk.states()).toEqual({ a: "failed", b: "sent" });
  });

  it("is found by a 403 to the question who we are", async () => {
    desk.reactions.push(failure({ kind: "refused", status: 403, sent: "no" }));
    desk.lists.listBots = failure({ kind: "refused", status: 403, sent: "no" });
    await planText("a", "one");
    await perform();
    expect(desk.refusals).toBe(1);
    expect(await desk.states()).toEqual({ a: "pending" });
  });
});

describe("a clock that is set", () => {
  const HOUR_MS = 3_600_000;

  it.each([
    { way: "back", byMs: -HOUR_MS },
    { way: "forward", byMs: HOUR_MS },
  ])(
    "fails without the clock that nobody sets: $way changes no pause before a call is tried again",
    async ({ byMs }) => {
      desk.reactions.push(failure({ kind: "limited", status: 429, sent: "no", retryAfterMs: 3_000 }));
      await planText("a", "one");
      expect(await perform()).toBe(3_000);
      desk.clock.set(byMs);
      expect(await perform()).toBe(3_000);
      await desk.clock.advance(3_000);
      await performAll();
      expect(await desk.states()).toEqual({ a: "sent" });
    },
  );

  it.each([
    { way: "back", byMs: -HOUR_MS },
    { way: "forward", byMs: HOUR_MS },
  ])("$way neither puts off nor hurries the re-send of a message whose answer was lost", async ({ byMs }) => {
    desk.reactions.push(LOST);
    await planText("a", "one");
    expect(await perform()).toBe(3_000);
    desk.clock.set(byMs);
    let waitedMs = 0;
    while (desk.sent.length === 1) {
      const pauseMs = (await perform()) ?? 0;
      waitedMs += pauseMs;
      await desk.clock.advance(pauseMs);
    }
    expect(waitedMs).toBe(30_000);
    expect(contents()).toEqual(["one", "one"]);
  });

  it("back between two processes lets what is in doubt since the future be looked for as if it were new", async () => {
    desk.reactions.push(LOST);
    await planText("a", "one");
    await perform();
    desk.clock.set(-HOUR_MS);
    const nextProcess = createPerforming(desk.context);
    expect(await nextProcess(lane(CHAT))).toBe(3_000);
  });
});
