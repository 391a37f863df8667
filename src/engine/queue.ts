import { assignCall, withResponsible } from "../actions/assign.ts";
import { pickPerson, placesIn } from "../actions/pick.ts";
import { ruleById } from "../rulebook/match.ts";
import type { Event } from "../types/event.ts";
import type { Plan, PlannedCall, StepTrace, Verdict } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Dialog, Directory, Queued, QueuePlace } from "../types/state.ts";
import { noteCall } from "./notes.ts";
import { NOTES } from "./phrases.ts";

/** The inbox row by which a dialog that waits in a queue is offered to its team; its `data` is `{dialog_id}`. */
export const QUEUE = "queue";

/** That row. `at` (Unix ms) and `turn`, a count of this process, tell the offers of a dialog apart. */
export function queueEvent({ dialogId, chatId }: Queued, at: number, turn: number): Event {
  return { key: `${QUEUE}:${dialogId}:${at}:${turn}`, type: QUEUE, at, chatId, data: { dialog_id: dialogId } };
}

/** The dialogs that can be served now, in their order: of each team as many as somebody is free for. Those of a team that is
 *  no longer declared are among them, to leave their queue. */
export function servable(directory: Directory, { teams }: Pick<Rulebook, "teams">): readonly Queued[] {
  const left = new Map<string, number>();
  return directory.queue.filter(({ team: name }) => {
    const team = teams[name];
    if (team === undefined) return true;
    const places = left.get(name) ?? placesIn(team, directory);
    left.set(name, places - 1);
    return places > 0;
  });
}

/** A dialog whose assignment is refused so often leaves the queue: it would be offered for ever, and nobody would notice. */
const MOST_REFUSALS = 3;

/** The dialog that is offered gets whoever of its team is picked; nobody is free after all: it goes on waiting. */
export function decideQueue({ rulebook, event, now }: Input, start: Plan): Plan {
  const { dialog, directory, chat } = start.state;
  const queued = dialog?.queued ?? null;
  if (dialog === null || queued === null || queued.offered || dialog.closedAt !== null) return start;
  const team = rulebook.teams[queued.team];
  // Whoever has it may have taken it while the bot was away.
  if (team === undefined || dialog.responsible?.type === "user")
    return { ...start, state: { ...start.state, dialog: { ...dialog, queued: null } } };
  if (queued.refused >= MOST_REFUSALS) return givenUp(start, { dialog, queued, event, rulebook });
  const person = pickPerson({ team, pick: queued.pick, directory, dialog, chat });
  if (person === null) return start;
  const to = { type: "user" as const, id: person.id, assignedAt: now };
  const assigned = withResponsible(start.state, dialog, { to, team: team.name });
  return {
    ...start,
    verdicts: [...start.verdicts, verdictOf(queued, rulebook, { did: "call", reason: null })],
    state: withOffer(assigned, queued),
    calls: [...start.calls, offerOf(event, dialog, { queued, personId: person.id })],
  };
}

interface Input {
  readonly rulebook: Rulebook;
  readonly event: Event;
  /** Unix ms. */
  readonly now: number;
}

/** Until the gateway has taken the assignment the place is kept: refused, the dialog has it back. */
function withOffer(state: Plan["state"], queued: QueuePlace): Plan["state"] {
  return state.dialog === null
    ? state
    : { ...state, dialog: { ...state.dialog, queued: { ...queued, offered: true } } };
}

function offerOf(
  event: Event,
  dialog: Dialog,
  { queued, personId }: { readonly queued: QueuePlace; readonly personId: number },
): PlannedCall {
  return {
    key: `${event.key}/1`,
    runId: event.key,
    ruleId: queued.ruleId,
    chatId: dialog.chatId,
    dialogId: dialog.id,
    call: assignCall(dialog.id, { type: "user", id: personId }),
    needs: null,
    guard: null,
  };
}

/** The dialog leaves the queue, and the staff is told: nobody else would look after it. */
function givenUp(start: Plan, { dialog, queued, event, rulebook }: Refused): Plan {
  const note: PlannedCall = {
    key: `${event.key}|refused`,
    runId: event.key,
    ruleId: queued.ruleId,
    chatId: dialog.chatId,
    dialogId: dialog.id,
    call: noteCall(dialog.chatId, NOTES.refused, rulebook),
    needs: null,
    guard: null,
  };
  return {
    ...start,
    verdicts: [...start.verdicts, verdictOf(queued, rulebook, { did: "nothing", reason: "refused" })],
    state: { ...start.state, dialog: { ...dialog, queued: null } },
    calls: [...start.calls, note],
  };
}

interface Refused {
  readonly dialog: Dialog;
  readonly queued: QueuePlace;
  readonly event: Event;
  readonly rulebook: Rulebook;
}

function verdictOf(
  { ruleId }: QueuePlace,
  rulebook: Rulebook,
  { did, reason }: Pick<StepTrace, "did" | "reason">,
): Verdict {
  const rule = ruleById(rulebook, ruleId);
  const steps = [{ action: "queue", line: rule?.place.line ?? 0, did, reason }];
  const name = rule?.name ?? ruleId;
  return { ruleId, rule: name, occasion: "event:queue", outcome: "fired", failed: null, steps };
}
