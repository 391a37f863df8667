import { describe, expect, it } from "vitest";
import { createDeciding, type Decided } from "../../src/connection/deciding/deciding.ts";
import { TELEGRAM } from "../../src/sandbox/world/abilities.ts";
import type { Store } from "../../src/store/store.ts";
import { StoreError } from "../../src/store/store.ts";
import type { Event } from "../../src/types/event.ts";
import { CHAT, DIALOG, rulebook, said } from "../engine/world.ts";
import { CONNECTION, type Desk, failure, lane, openDesk } from "./desk.ts";

const HELLO = `
- rule: Hello
  when: {message: any}
  do:
    - reply: Hello {{ customer.language or "there" }}
`;

function decidingOn(desk: Desk, over: { store?: Store } = {}) {
  const decided: Decided[] = [];
  const decide = createDeciding({ ...desk.context, ...desk.waiting, ...over, onDecision: (one) => decided.push(one) });
  return { decided, decide };
}

const says = (desk: Desk, content: string): Event => said(content, { at: desk.clock.now() });

const receive = (desk: Desk, ...events: Event[]) => desk.store.receive(CONNECTION, events, desk.clock.now());

describe("deciding a lane", () => {
  it("stores the decision and tells what was decided", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    await receive(desk, event);
    const { decide, decided } = decidingOn(desk);
    expect(await decide(lane(event.chatId))).toBe(null);
    expect(decided.map(({ event: { key }, verdicts }) => [key, verdicts.map(({ outcome }) => outcome)])).toEqual([
      [event.key, ["fired"]],
    ]);
    expect(desk.woken).toEqual([event.chatId]);
    expect((await desk.store.counts(CONNECTION)).inbox).toBe(0);
  });

  it("writes one info line for each rule that fired, with ids and never with the customer's words", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "my secret words");
    await receive(desk, event);
    await decidingOn(desk).decide(lane(event.chatId));
    const lines = desk.log.lines().filter(({ msg }) => msg === "rule fired");
    expect(lines).toMatchObject([{ level: 30, event: event.key, rule: "Hello", chat: event.chatId, calls: 1 }]);
    expect(desk.log.text()).not.toContain("my secret words");
  });

  it("looks up what the event does not carry", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    desk.lists.listCustomers = [{ id: 8120, language: "de" }];
    await receive(desk, event);
    await decidingOn(desk).decide(lane(event.chatId));
    expect(desk.asked.map(({ operation }) => operation)).toContain("listCustomers");
    const [row] = await desk.store.outbox(CONNECTION, { limit: 1 });
    expect(row?.call.body?.content).toBe("Hello de");
  });

  it("does without a fact that can't be looked up", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    desk.lists.listCustomers = failure({ status: 500 });
    desk.lists.listDialogs = failure({ status: 500 });
    await receive(desk, event);
    await decidingOn(desk).decide(lane(event.chatId));
    const [row] = await desk.store.outbox(CONNECTION, { limit: 1 });
    expect(row?.call.body?.content).toBe("Hello there");
  });

  it("fails without the quarantine of one event: fails only the event on which a rule breaks down, without its text in the log", async () => {
    const desk = await openDesk(HELLO);
    const poison = says(desk, "poisonous words");
    const sound = says(desk, "fine");
    await receive(desk, poison, sound);
    const { decide, decided } = decidingOn(desk);
    const book = desk.context.rulebook();
    const broken = new Proxy(book, {
      get(target, name) {
        if (name === "rules" && decided.length === 0 && !desk.log.text().includes("could not be decided"))
          throw new TypeError("cannot read poisonous words");
        return Reflect.get(target, name);
      },
    });
    desk.useRules(broken);
    await decide(lane(poison.chatId));
    expect(decided.map(({ event }) => event.key)).toEqual([sound.key]);
    expect(desk.log.text()).toContain("an event could not be decided");
    expect(desk.log.text()).not.toContain("poisonous words");
  });

  it("fails without the count of attempts: gives up an event whose deciding ended the program three times", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    await receive(desk, event);
    for (let crash = 0; crash < 3; crash++) await desk.store.nextEvent(CONNECTION, event.chatId);
    const { decide, decided } = decidingOn(desk);
    await decide(lane(event.chatId));
    expect(decided).toEqual([]);
    expect(await desk.store.counts(CONNECTION)).toMatchObject({ inbox: 0, outbox: 0 });
  });

  it.each([
    { what: "a run", rules: "- rule: Later\n  when: {message: any}\n  do:\n    - wait: 1h\n    - note: x", head: "" },
    { what: "a turn", rules: HELLO, head: "gather: 2s" },
  ])("forgoes $what whose timer it had to give up, and goes on with what the customer says next", async (given) => {
    const desk = await openDesk();
    desk.useRules(rulebook(given.rules, given.head));
    const event = says(desk, "Hi");
    await receive(desk, event);
    const { decide, decided } = decidingOn(desk);
    await decide(lane(event.chatId));
    await desk.store.fireTimers(CONNECTION, desk.clock.now() + 3_600_000, 10);
    for (let crash = 0; crash < 3; crash++) await desk.store.nextEvent(CONNECTION, event.chatId);
    await decide(lane(event.chatId));
    expect(decided.map(({ event: { type } }) => type)).toEqual(["message_new"]);
    expect(await desk.store.counts(CONNECTION)).toMatchObject({ inbox: 0, outbox: 0, waitingRuns: 0 });
    expect((await desk.store.dialog(CONNECTION, DIALOG))?.gathering ?? null).toBeNull();
    await receive(desk, says(desk, "Still there?"));
    await decide(lane(event.chatId));
    expect(await desk.store.nextTimer(CONNECTION)).not.toBeNull();
    expect(await desk.store.counts(CONNECTION)).toMatchObject({ inbox: 0 });
  });

  it("does not count attempts while it is the store that fails", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    await receive(desk, event);
    let failures = 6;
    const store: Store = {
      ...desk.store,
      async commit(id, commit) {
        failures -= 1;
        if (failures >= 0) throw new StoreError("The disk is full.");
        return desk.store.commit(id, commit);
      },
    };
    const { decide, decided } = decidingOn(desk, { store });
    for (let round = 0; round < 6; round++)
      await expect(decide(lane(event.chatId))).rejects.toThrow("The disk is full.");
    await decide(lane(event.chatId));
    expect(decided.length).toBe(1);
  });

  it("leaves an event for later when the way to the gateway goes while its facts are asked for", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    await receive(desk, event);
    const { decide, decided } = decidingOn(desk);
    const link = desk.context.link();
    const asked = Promise.withResolvers<never>();
    desk.lists.listCustomers = asked.promise;
    const deciding = decide(lane(event.chatId));
    desk.setLink(null);
    asked.reject(failure({ status: null }));
    expect(await deciding).toBe(null);
    expect(decided).toEqual([]);
    desk.setLink(link);
    desk.lists.listCustomers = [{ id: 8120, language: "de" }];
    await decide(lane(event.chatId));
    const [row] = await desk.store.outbox(CONNECTION, { limit: 1 });
    expect(row?.call.body?.content).toBe("Hello de");
  });

  it("tells of each action that was due and did nothing, and why, but not of those whose `if:` does not hold", async () => {
    const desk = await openDesk(`
- rule: Two
  when: {message: any}
  do:
    - mute: 1h
    - reply: Not said
    - tag: x
      if: {is: {customer.language: xx}}
`);
    const event = says(desk, "a private word");
    await receive(desk, event);
    await decidingOn(desk).decide(lane(event.chatId));
    const lines = desk.log.lines().filter(({ msg }) => msg === "action withheld");
    expect(lines).toMatchObject([
      { level: 30, event: event.key, rule: "Two", chat: event.chatId, action: "reply", reason: "muted" },
    ]);
    expect(lines.length).toBe(1);
    expect(desk.log.text()).not.toContain("a private word");
  });

  it("tells of a question that is not put", async () => {
    const desk = await openDesk("- rule: Two\n  when: {message: any}\n  do: [{mute: 1h}, {ask: Where to?}, {note: x}]");
    const event = says(desk, "a private word");
    await receive(desk, event);
    await decidingOn(desk).decide(lane(event.chatId));
    const lines = desk.log.lines().filter(({ msg }) => msg === "action withheld");
    expect(lines).toMatchObject([{ rule: "Two", chat: event.chatId, action: "ask", reason: "muted" }]);
  });

  it("tells of a value that could not be kept even where the action kept the others", async () => {
    const desk = await openDesk();
    const rules =
      "- rule: Keep\n  when: {message: any}\n  do:\n    - set: {chat.visits: '{{ message.text }}', chat.words: x}\n";
    desk.useRules(rulebook(rules, "variables: {chat.visits: number}"));
    const event = says(desk, "a private word");
    await receive(desk, event);
    await decidingOn(desk).decide(lane(event.chatId));
    const lines = desk.log.lines().filter(({ msg }) => msg === "action withheld");
    expect(lines).toMatchObject([{ rule: "Keep", chat: event.chatId, action: "set", reason: "type" }]);
    expect((await desk.store.chat(CONNECTION, event.chatId ?? 0))?.variables).toEqual({ words: "x" });
    expect(desk.log.text()).not.toContain("a private word");
  });

  it("stays still without a link to the gateway", async () => {
    const desk = await openDesk(HELLO);
    const event = says(desk, "Hi");
    await receive(desk, event);
    desk.setLink(null);
    expect(await decidingOn(desk).decide(lane(event.chatId))).toBe(null);
    expect((await desk.store.counts(CONNECTION)).inbox).toBe(1);
  });
});

describe("a run that waits for a call", () => {
  const RULES = `
- rule: Picture
  when: {message: any}
  do:
    - send_image: https://files.example/a.jpg
    - reply: There it is.
`;

  /** The upload that the event's run waits for ends well. */
  async function endUpload(desk: Desk, event: Event): Promise<void> {
    const calls = await desk.store.outbox(CONNECTION, { limit: 10 });
    const key = calls.find((call) => call.key.startsWith(event.key))?.key ?? "";
    const outcome = { ok: true, body: { id: "0b8a7f4e-2d4c-4d7f-9c0e-3a1b5c6d7e8f" } } as const;
    await desk.store.beginCall(CONNECTION, key, desk.clock.now(), null);
    await desk.store.endCall(CONNECTION, key, { state: "sent", outcome, at: desk.clock.now() });
  }

  async function operations(desk: Desk): Promise<readonly string[]> {
    const calls = await desk.store.outbox(CONNECTION, { limit: 10 });
    return calls.toReversed().map(({ call }) => call.operation);
  }

  async function waiting() {
    const desk = await openDesk(RULES);
    const channel = { id: 17, type: "telegram", name: "@shop", is_active: true, settings: TELEGRAM as never };
    const event = said("Hi", { at: desk.clock.now(), more: { chat: { id: CHAT, channel } } });
    await receive(desk, event);
    const { decide } = decidingOn(desk);
    const heldMs = await decide(lane(event.chatId));
    return { desk, event, decide, heldMs };
  }

  it("holds its lane for at most 15 s", async () => {
    const { desk, event, heldMs, decide } = await waiting();
    expect(heldMs).toBe(15_000);
    const later = says(desk, "And now?");
    await receive(desk, later);
    await desk.clock.advance(14_999);
    expect(await decide(lane(event.chatId))).toBe(1);
    expect((await desk.store.counts(CONNECTION)).inbox).toBe(1);
    await desk.clock.advance(1);
    await decide(lane(event.chatId));
    expect((await desk.store.counts(CONNECTION)).inbox).toBe(0);
    expect(await operations(desk)).toEqual(["uploadFileByUrl", "uploadFileByUrl"]);
    await endUpload(desk, event);
    await decide(lane(event.chatId));
    expect(await operations(desk)).toEqual(["uploadFileByUrl", "uploadFileByUrl", "sendMessage", "sendMessage"]);
  });

  it("goes on with the answer as soon as it is there", async () => {
    const { desk, event, decide } = await waiting();
    await endUpload(desk, event);
    expect(await decide(lane(event.chatId))).toBe(null);
    const calls = (await desk.store.outbox(CONNECTION, { limit: 10 })).toReversed();
    expect(calls.map(({ call }) => [call.operation, call.body?.type])).toEqual([
      ["uploadFileByUrl", undefined],
      ["sendMessage", "image"],
      ["sendMessage", "text"],
    ]);
    expect((await desk.store.counts(CONNECTION)).waitingRuns).toBe(0);
  });

  it("ends before its next action when its rule is gone", async () => {
    const { desk, event, decide } = await waiting();
    desk.useRules(rulebook(HELLO));
    await endUpload(desk, event);
    await decide(lane(event.chatId));
    expect((await desk.store.outbox(CONNECTION, { limit: 10 })).length).toBe(1);
    expect((await desk.store.counts(CONNECTION)).waitingRuns).toBe(0);
  });

  it("finishes under the rule it began with", async () => {
    const { desk, event, decide } = await waiting();
    await desk.store.saveRules(desk.context.rulebook().rules);
    desk.useRules(rulebook(RULES.replace("There it is.", "A new text.")));
    await endUpload(desk, event);
    await decide(lane(event.chatId));
    const texts = (await desk.store.outbox(CONNECTION, { limit: 10 })).map(({ call }) => call.body?.content);
    expect(texts).toContain("There it is.");
    expect(texts).not.toContain("A new text.");
  });
});

describe("an event that is too old to be answered", () => {
  it.each([
    { age: 0, state: "done" },
    { age: 11 * 60_000, state: "expired" },
  ])("of $age ms is $state once it is decided", async ({ age, state }) => {
    const desk = await openDesk(HELLO.replace('- reply: Hello {{ customer.language or "there" }}', "- tag: new"));
    const event = said("Hi", { at: desk.clock.now() - age });
    await receive(desk, event);
    const states: string[] = [];
    const store: Store = {
      ...desk.store,
      commit(connection, commit) {
        states.push(commit.eventState);
        return desk.store.commit(connection, commit);
      },
    };
    await decidingOn(desk, { store }).decide(lane(event.chatId));
    expect(states).toEqual([state]);
  });
});
