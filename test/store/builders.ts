import type { Commit, ConnectionRecord, Store } from "../../src/store/store.ts";
import type { Event } from "../../src/types/event.ts";
import type { PlannedCall, Run, Verdict } from "../../src/types/plan.ts";
import type { Rule } from "../../src/types/rule.ts";
import {
  type Channel,
  type Chat,
  type Customer,
  type Dialog,
  newChat,
  newDialog,
  type Person,
  type Responsible,
} from "../../src/types/state.ts";

/** The connection of most cases, and another one that must never be touched by them. */
export const OURS = "crm-1";
export const THEIRS = "crm-2";

/** A connection of which nothing is known yet. */
export const connectionRecord = (id: string, given: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  id,
  crmUrl: `https://${id}.example`,
  clientId: `client of ${id}`,
  moduleCode: "rulebot",
  gatewayUrl: null,
  token: null,
  botId: null,
  apiKey: null,
  language: null,
  timezone: null,
  ruleSet: null,
  enabled: true,
  paused: false,
  ...given,
});

/** Message `n` of a chat (7 unless told). */
export function event(n: number, given: Partial<Event> = {}): Event {
  return {
    key: `message_new:${n}`,
    type: "message_new",
    at: 1_000 + n,
    chatId: 7,
    data: { message: { id: n } },
    ...given,
  };
}

export function call(key: string, given: Partial<PlannedCall> = {}): PlannedCall {
  return {
    key,
    runId: key.split("#")[0] ?? key,
    ruleId: "welcome",
    chatId: 7,
    dialogId: 70,
    call: { operation: "sendMessage", path: {}, query: {}, body: { chat_id: 7, content: "Hello" } },
    needs: null,
    guard: null,
    ...given,
  };
}

/** A run begun by message 1 that waits for its first call. */
export function run(id: string, given: Partial<Run> = {}): Run {
  return {
    id,
    ruleId: "welcome",
    ruleVersion: "v1",
    occasion: "message",
    eventKey: "message_new:1",
    chatId: 7,
    dialogId: 70,
    position: [0],
    scope: {},
    replyScope: "public",
    counter: 1,
    inputAt: 1_001,
    heardAt: 1_001,
    inner: [],
    changed: [],
    waitsFor: { kind: "call", key: `${id}#1`, until: 16_001 },
    ...given,
  };
}

export function verdict(rule: string): Verdict {
  return { ruleId: rule, rule, occasion: "message", outcome: "fired", failed: null, steps: [] };
}

/** The decision of message 1: nothing to do. */
export function commit(given: Partial<Commit> = {}): Commit {
  return {
    eventKey: "message_new:1",
    eventState: "decided",
    failure: null,
    at: 2_000,
    rulebookVersion: "book-1",
    calls: [],
    runs: [],
    endedRunIds: [],
    verdicts: [],
    ...given,
  };
}

export function chat(id: number, given: Partial<Chat> = {}): Chat {
  return { ...newChat(id), channelId: 3, customerId: 5, ...given };
}

export function customer(id: number, given: Partial<Customer> = {}): Customer {
  return {
    id,
    firstName: "Ana",
    lastName: null,
    username: null,
    phone: null,
    email: null,
    language: "es",
    variables: {},
    marks: {},
    ...given,
  };
}

/** An open dialog of chat 7 with nobody responsible. */
export function dialog(id: number, given: Partial<Dialog> = {}): Dialog {
  return { ...newDialog(id, 7, 1_000), ...given };
}

/** A person of the staff as responsible for a dialog. */
export function user(id: number): Responsible {
  return { type: "user", id, assignedAt: 1_100 };
}

export function person(id: number, name: string): Person {
  return {
    id,
    externalId: null,
    name,
    email: null,
    groups: [],
    active: true,
    online: true,
    available: true,
    technical: false,
  };
}

export function channel(id: number, name: string): Channel {
  return {
    id,
    type: "telegram",
    name,
    active: true,
    abilities: {
      maxChars: 2000,
      canSend: { text: true, image: true, file: true, product: false, order: false },
      canEdit: true,
      canDelete: true,
      canQuote: true,
      noteMaxChars: null,
      suggestions: { text: true, phone: false, email: false, url: false },
      outgoing: true,
      afterReplyTimeout: "no",
    },
  };
}

export function rule(version: string): Rule {
  return {
    id: "welcome",
    name: "Welcome",
    version,
    place: { file: "rules/a.yaml", line: 1, column: 1 },
    description: null,
    mode: "live",
    lane: "answer",
    continues: false,
    evenWithManager: false,
    on: "message",
    firstWords: null,
    parts: [
      { key: "message", label: "message is text", from: "when", logic: { "==": [{ var: "message.type" }, "text"] } },
    ],
    pattern: null,
    oncePer: null,
    againAfterMs: null,
    gatherMs: null,
    silence: null,
    do: [],
  };
}

/** Receives message 1 and decides it: the usual start of a case about what comes after. */
export async function decided(store: Store, given: Partial<Commit>): Promise<void> {
  await store.receive(OURS, [event(1)], 1_500);
  await store.commit(OURS, commit(given));
}

/** Takes a call to `sent`, as the performer does. */
export async function perform(store: Store, key: string, at = 3_000): Promise<void> {
  await store.beginCall(OURS, key, at, null);
  await store.endCall(OURS, key, { state: "sent", outcome: { ok: true, body: { message_id: 9 } }, at });
}
