import { expect, it } from "vitest";
import { decide } from "../../src/engine/decide.ts";
import { queueEvent, servable } from "../../src/engine/queue.ts";
import { noteSent } from "../../src/engine/sent.ts";
import type { Language } from "../../src/types/issue.ts";
import type { Plan } from "../../src/types/plan.ts";
import type { Dialog, QueuePlace, State } from "../../src/types/state.ts";
import {
  ANNA,
  CHAT,
  DIALOG,
  decideOn,
  firedIn,
  happened,
  IVAN,
  NOON,
  OLGA,
  type Over,
  reasonsIn,
  rulebook,
  said,
  shortly,
  world,
} from "./world.ts";

const HEAD =
  "teams:\n  sales: {people: [Anna Petrova, ivan@shop.example], max_open: 2}\n  leads: {crm_group: team-leads}";
const QUEUE_UP = "- rule: Wait\n  when: {message: any}\n  do:\n    - queue: sales";
const book = rulebook(QUEUE_UP, HEAD);
const PLACE: QueuePlace = {
  team: "sales",
  pick: "round_robin",
  since: NOON,
  ruleId: book.rules[0]?.id ?? "",
  refused: 0,
  offered: false,
};
const entry = (dialogId: number, team = "sales") => ({ dialogId, chatId: CHAT, team, since: dialogId });

/** A dialog that waits for the sales team, and nothing else in the queue. */
function waits(over: Over = {}, place: Partial<QueuePlace> = {}): State {
  return world({ dialog: { queued: { ...PLACE, ...place } }, queue: [entry(DIALOG)], ...over });
}

function offered(state: State, rules = book): Plan {
  const event = queueEvent(entry(DIALOG), NOON + 1, 1);
  return decide({ rulebook: rules, state, event, now: NOON + 1 });
}

it("gives a dialog a place in the queue, once", () => {
  const first = decideOn(book, said("hello"));
  expect(first.state.dialog?.queued).toMatchObject({ team: "sales", pick: "round_robin", since: NOON, offered: false });
  const again = decideOn(book, said("hello?", { at: NOON + 9 }), first.state);
  expect(reasonsIn(again)).toEqual(["already"]);
  expect(again.state.dialog?.queued?.since).toBe(NOON);
});

it.each<{ name: string; dialog: Partial<Dialog> | null; reason: string }>([
  { name: "a person has it", dialog: { responsible: { type: "user", id: 12, assignedAt: 1 } }, reason: "already" },
  { name: "it is closed", dialog: { closedAt: NOON - 1 }, reason: "no_dialog" },
])("gives no place when $name", ({ dialog, reason }) => {
  const plan = decideOn(book, said("hello"), world({ dialog }));
  expect(reasonsIn(plan)).toEqual([reason]);
  expect(plan.state.dialog?.queued).toBeNull();
});

it("gives no place to a dialog that the bot has assigned twice with no word from the customer", () => {
  const anyone = rulebook("- rule: Wait\n  when: {message: any, from: anyone}\n  do:\n    - queue: sales", HEAD);
  const plan = decideOn(anyone, said("hello", { from: "bot" }), world({ dialog: { assignedByBot: 2 } }));
  expect([reasonsIn(plan), plan.state.dialog?.queued]).toEqual([["assign_limit"], null]);
});

it("moves a dialog to the queue of another team", () => {
  const leads = rulebook(
    "- rule: Wait\n  when: {message: any}\n  do:\n    - queue: leads\n      pick: least_busy",
    HEAD,
  );
  expect(decideOn(leads, said("x"), waits()).state.dialog?.queued).toMatchObject({ team: "leads", pick: "least_busy" });
});

it("gives the offered dialog to whoever is free, and keeps its place until that is certain", () => {
  const plan = offered(waits());
  expect(plan.calls.map(({ call }) => call.body)).toEqual([{ user_id: ANNA.id }]);
  expect(plan.state.dialog).toMatchObject({
    responsible: { type: "user", id: ANNA.id, assignedAt: NOON + 1 },
    team: "sales",
    queued: { offered: true },
  });
  expect(plan.state.directory.rotation).toEqual({ sales: [ANNA.id] });
  expect(firedIn(plan)).toEqual(["Wait"]);
});

it.each<{ name: string; state: State }>([
  { name: "nobody is free", state: waits({ people: [{ ...ANNA, online: false }] }) },
  { name: "it waits no more", state: world() },
  { name: "it is being assigned", state: waits({}, { offered: true }) },
  { name: "it was closed", state: waits({ dialog: { queued: PLACE, closedAt: NOON } }) },
])("an offer changes nothing when $name", ({ state }) => {
  const plan = offered(state);
  expect(shortly(plan)).toEqual([]);
  expect(plan.state.dialog?.queued).toEqual(state.dialog?.queued);
});

it("a dialog that a person has taken unnoticed is not taken away from them: it leaves the queue", () => {
  const plan = offered(waits({ dialog: { queued: PLACE, responsible: { type: "user", id: IVAN.id, assignedAt: 1 } } }));
  expect(shortly(plan)).toEqual([]);
  expect(plan.state.dialog).toMatchObject({ queued: null, responsible: { id: IVAN.id } });
});

it("looks once for a team's places, however many dialogs wait for it", () => {
  let looks = 0;
  const sales = book.teams.sales;
  if (sales === undefined) throw new Error("it is declared");
  const watched = {
    ...sales,
    get people() {
      looks += 1;
      return sales.people;
    },
  };
  const queue = Array.from({ length: 500 }, (_, index) => entry(index + 1));
  expect(servable(world({ queue }).directory, { teams: { sales: watched } })).toHaveLength(2);
  expect(looks).toBe(1);
});

it("a dialog whose team is no longer declared leaves the queue", () => {
  const without = rulebook("- rule: X\n  when: {message: any}\n  do: [{note: x}]");
  expect(servable(waits().directory, without)).toEqual([entry(DIALOG)]);
  expect(offered(waits(), without).state.dialog?.queued).toBeNull();
});

it.each([
  { name: "nobody is there", people: [], open: {}, served: [] },
  { name: "one has one place", people: [ANNA], open: { 12: 1 }, served: [1] },
  { name: "one has two places", people: [ANNA], open: {}, served: [1, 2] },
  { name: "two have three places", people: [ANNA, { ...IVAN, online: true }], open: { 12: 1 }, served: [1, 2, 3] },
  { name: "all have places for all", people: [ANNA, { ...IVAN, online: true }], open: {}, served: [1, 2, 3, 4] },
])("the oldest dialogs are served first: $name", ({ people, open, served }) => {
  const queue = [1, 2, 3, 4].map((id) => entry(id));
  const { directory } = world({ people, openDialogs: open, queue });
  expect(servable(directory, book).map(({ dialogId }) => dialogId)).toEqual(served);
});

it("a queue that nobody serves holds up no other team's", () => {
  const { directory } = world({ people: [{ ...ANNA, online: false }, OLGA], queue: [entry(1), entry(2, "leads")] });
  expect(servable(directory, book).map(({ dialogId }) => dialogId)).toEqual([2]);
});

it("a person who takes the dialog takes it out of the queue", () => {
  const responsible = { id: IVAN.id, type: "user", name: IVAN.name };
  const dialog = { id: DIALOG, chat: { id: CHAT }, responsible, created_at: new Date(NOON).toISOString() };
  const taken = decideOn(book, happened("dialog_assign", { dialog }), waits());
  expect(taken.state.dialog?.queued).toBeNull();
  expect(taken.state.chat?.lastManagerId).toBe(IVAN.id);
});

it("a manager who writes to the customer is its last manager", () => {
  expect(decideOn(book, said("hi", { from: "manager" })).state.chat?.lastManagerId).toBe(ANNA.id);
  expect(decideOn(book, said("psst", { from: "manager", scope: "private" })).state.chat?.lastManagerId).toBeNull();
});

it.each<{ language: Language; note: string }>([
  { language: "en", note: "each time it was refused" },
  { language: "es", note: "siempre fue rechazado" },
  { language: "ru", note: "каждый раз получал отказ" },
])(
  "a dialog whose assignment is refused three times leaves the queue, and the staff is told once: $language",
  ({ language, note }) => {
    const rules = { ...book, language };
    const refusal = { ok: false, reason: "no such user" } as const;
    let state = waits();
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { state: after, calls } = offered(state, rules);
      expect(calls.map(({ call }) => call.operation)).toEqual(["assignDialogResponsible"]);
      const [planned] = calls;
      if (planned === undefined || after.dialog === null) throw new Error("it was offered");
      const dialog = noteSent(after.dialog, { call: planned.call, outcome: refusal, at: NOON });
      expect(dialog).toMatchObject({ responsible: null, queued: { offered: false, refused: attempt } });
      state = { ...after, dialog };
    }
    const plan = offered(state, rules);
    expect(plan.state.dialog?.queued).toBeNull();
    expect(plan.calls.map(({ call }) => call.body)).toEqual([
      { chat_id: CHAT, scope: "private", type: "text", content: expect.stringContaining(note) },
    ]);
    expect(reasonsIn(plan)).toEqual(["refused"]);
    expect(offered(plan.state, rules).calls).toEqual([]);
  },
);

/** A dialog after its offer, and how the assignment of that offer ends. */
function offering(over: Partial<Dialog> = {}) {
  const { state, calls } = offered(waits({ dialog: { queued: PLACE, ...over } }));
  const call = calls[0]?.call;
  if (call === undefined || state.dialog === null) throw new Error("it was offered");
  const refused = (dialog: Dialog) =>
    noteSent(dialog, { call, outcome: { ok: false, reason: "no such user" }, at: NOON });
  return { state, dialog: state.dialog, refused };
}

const OLD_HAND = { type: "user", id: OLGA.id, assignedAt: 1 } as const;

it("a refused assignment gives the dialog to nobody who once had it", () => {
  const { dialog, refused } = offering({ previous: OLD_HAND });
  expect(refused(dialog)).toMatchObject({ responsible: null, previous: OLD_HAND, queued: { offered: false } });
});

it("a refused assignment leaves the dialog with whoever had it until then", () => {
  const give = rulebook("- rule: Give\n  when: {message: any}\n  do:\n    - assign: sales", HEAD);
  const { state, calls } = decideOn(give, said("x"), world({ dialog: { responsible: OLD_HAND } }));
  const call = calls[0]?.call;
  if (call === undefined || state.dialog === null) throw new Error("it was given");
  const refused = noteSent(state.dialog, { call, outcome: { ok: false, reason: "no such user" }, at: NOON });
  expect(refused).toMatchObject({ responsible: OLD_HAND, previous: null });
});

it.each<{ what: string; responsible: Dialog["responsible"]; place: unknown }>([
  { what: "it was given up meanwhile", responsible: null, place: { offered: false, refused: 1 } },
  { what: "somebody else has taken it", responsible: OLD_HAND, place: null },
])("after a refused assignment the dialog waits as it should where $what", ({ responsible, place }) => {
  const { dialog, refused } = offering();
  const { queued, responsible: holder } = refused({ ...dialog, responsible });
  expect([queued, holder]).toEqual([place === null ? null : expect.objectContaining(place), responsible]);
});

it("late news of its opening costs an offered dialog no place: its assignment may still be refused", () => {
  const { state, refused } = offering();
  const row = { id: DIALOG, chat: { id: CHAT }, responsible: null, created_at: new Date(NOON).toISOString() };
  const { dialog } = decideOn(book, happened("dialog_opened", { dialog: row }), state).state;
  if (dialog === null) throw new Error("it is there");
  expect(refused(dialog)).toMatchObject({ responsible: null, queued: { offered: false } });
});

it("an assignment that is taken ends the waiting", () => {
  const plan = offered(waits());
  const [planned] = plan.calls;
  if (planned === undefined || plan.state.dialog === null) throw new Error("it was offered");
  expect(
    noteSent(plan.state.dialog, { call: planned.call, outcome: { ok: true, body: {} }, at: NOON }).queued,
  ).toBeNull();
});

it("an `assign` of a rule takes the dialog out of the queue", () => {
  const assign = rulebook("- rule: Give\n  when: {message: any}\n  do:\n    - assign: sales", HEAD);
  expect(decideOn(assign, said("x"), waits()).state.dialog?.queued).toBeNull();
});

it("the news that a dialog was opened, coming late, takes nobody's dialog away", () => {
  const given = decideOn(rulebook("- rule: Give\n  when: {message: any}\n  do:\n    - assign: sales", HEAD), said("x"));
  const row = { id: DIALOG, chat: { id: CHAT }, responsible: null, created_at: new Date(NOON).toISOString() };
  const after = decideOn(book, happened("dialog_opened", { dialog: row }), given.state);
  expect(after.state.dialog?.responsible).toMatchObject({ id: ANNA.id });
});
