import { expect, it } from "vitest";
import { withPlanned } from "../../src/connection/directory/planned.ts";
import { refreshDirectory, withFacts } from "../../src/connection/directory/refresh.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { PlannedCall } from "../../src/types/plan.ts";
import { dialog, user } from "../store/builders.ts";
import { CONNECTION, openDesk } from "./desk.ts";

const call = (operation: string, body: JsonObject | null, dialogId = 70): PlannedCall => ({
  key: `${operation} ${JSON.stringify(body)}`,
  runId: "run",
  ruleId: "Rule",
  chatId: 7,
  dialogId,
  call: { operation, path: { dialog_id: dialogId }, query: {}, body },
  needs: null,
  guard: null,
});
const add = (name: string, dialogId?: number) => call("dialogAddTags", { tags: [{ name }] }, dialogId);
const remove = (name: string) => call("dialogDeleteTags", { tags: [{ name }] });
const assign = call("assignDialogResponsible", { user_id: 12 });
const unassign = call("unassignDialogResponsible", null);

/** The bot has given the dialog to Anna (12) and tagged it; the gateway's list is from before. */
const known = dialog(70, { responsible: user(12), previous: user(11), tags: ["old", "vip"] });
const listed = dialog(70, { responsible: user(11), tags: ["old", "new"] });

it.each([
  { what: "nothing", calls: [], holder: 11, tags: ["old", "new"] },
  { what: "an assignment", calls: [assign], holder: 12, tags: ["old", "new"] },
  { what: "a tag", calls: [add("vip")], holder: 11, tags: ["old", "new", "vip"] },
  { what: "a tag to be taken off", calls: [remove("old")], holder: 11, tags: ["new"] },
  { what: "both, in order", calls: [add("vip"), remove("vip"), assign], holder: 12, tags: ["old", "new"] },
  { what: "something in another dialog", calls: [add("vip", 71)], holder: 11, tags: ["old", "new"] },
])("a list that does not show $what yet: $holder has the dialog, its tags are $tags", ({ calls, holder, tags }) => {
  const facts = withFacts(known, withPlanned(listed, known, calls));
  expect([facts.responsible?.id, facts.tags]).toEqual([holder, tags]);
});

it("an unfinished assignment is not taken for somebody else's", () => {
  expect(withFacts(known, withPlanned(listed, known, [assign])).previous?.id).toBe(11);
  const free = { ...known, responsible: null, previous: user(11) };
  expect(withFacts(free, withPlanned(listed, free, [unassign]))).toMatchObject({
    responsible: null,
    previous: { id: 11 },
  });
});

it("a person who has taken a dialog while nobody listened has taken it out of the queue", () => {
  const place = { team: "sales", pick: "first", since: 1, ruleId: "Wait", refused: 0, offered: false } as const;
  const waits = dialog(70, { queued: place });
  expect(withFacts(waits, dialog(70, { responsible: user(11) })).queued).toBeNull();
  expect(withFacts(waits, dialog(70, { tags: ["new"] })).queued).toEqual(place);
  const offered = { ...waits, responsible: user(12), queued: { ...place, offered: true } };
  expect(withFacts(offered, withPlanned(dialog(70), offered, [assign])).queued?.offered).toBe(true);
});

it("a list from before its close opens no dialog again", () => {
  expect(withFacts({ ...known, closedAt: 5 }, listed).closedAt).toBe(5);
  expect(withFacts(known, { ...listed, closedAt: 6 }).closedAt).toBe(6);
});

it.each([
  { when: "wait to be made", during: async () => {} },
  {
    when: "end while the list is read",
    during: async (end: (key: string) => Promise<void>) => {
      await end(assign.key);
      await end(add("vip").key);
    },
  },
])("a refresh keeps what calls do that $when", async ({ during }) => {
  const desk = await openDesk();
  await desk.store.saveDialogs(CONNECTION, [known]);
  await desk.plan(assign, add("vip"));
  const end = (key: string) =>
    desk.store.endCall(CONNECTION, key, { state: "sent", outcome: { ok: true, body: null }, at: 1 });
  const row: Json = {
    id: 70,
    chat_id: 7,
    created_at: "2026-06-30T08:14:02Z",
    closed_at: null,
    tags: [{ name: "old" }],
  };
  await refreshDirectory({
    async ask({ operation, query }) {
      if (operation !== "listDialogs" || query.active !== true) return [];
      await during(end);
      return [row];
    },
    crmUsers: async () => [],
    store: desk.store,
    connectionId: CONNECTION,
    log: desk.log.log,
    since: null,
    exclusive: (_chatId, task) => task(),
  });
  const kept = await desk.store.dialog(CONNECTION, 70);
  expect([kept?.responsible?.id, kept?.previous?.id, kept?.tags]).toEqual([12, 11, ["old", "vip"]]);
});
