import { endsTurn } from "../../engine/gather.ts";
import { HELD_BACK, reasonSentence } from "../../engine/reasons.ts";
import type { Event } from "../../types/event.ts";
import type { Language } from "../../types/issue.ts";
import type { StepTrace, Verdict } from "../../types/plan.ts";
import type { Change } from "../changes.ts";
import { customerName, personName } from "../world/actors.ts";
import type { Author, Message } from "../world/rows.ts";
import type { WorldView } from "../world/world.ts";
import type { Say } from "./words.ts";

/** What is needed to put a change into words. `typed`: the customer's own lines are on the screen already. */
export interface Teller {
  readonly world: WorldView;
  readonly say: Say;
  readonly typed: boolean;
}

function nameOf(world: WorldView, { type, id }: Author): string {
  const person = type === "user" ? world.people.get(id) : undefined;
  const customer = type === "customer" ? world.customers.get(id) : undefined;
  if (person !== undefined) return personName(person);
  if (customer !== undefined) return customerName(customer);
  return (type === "bot" ? world.bots.get(id)?.name : world.channels.get(id)?.name) ?? type;
}

/** `Hello! [Delivery] [My order]`; media as their kind. */
function textOf(message: Message): string {
  const buttons = (message.attachments?.suggestions ?? []).map(({ type, title }) => `[${title ?? type ?? ""}]`);
  const card = message.product?.name ?? message.order?.number;
  const isText = message.type === "text" || message.type === "command";
  const media = isText ? [] : [`<${[message.type, card].filter(Boolean).join(" ")}>`];
  return [...media, message.content, message.note, ...buttons].filter(Boolean).join(" ");
}

function messageLine({ world, say, typed }: Teller, message: Message): string | null {
  if (message.from === null || (message.from.type === "customer" && typed)) return null;
  const name = nameOf(world, message.from);
  return `${message.scope === "private" ? say("note", name) : name}: ${textOf(message)}`;
}

function changedLine({ world, say }: Teller, { what, message }: Change & { kind: "message_changed" }): string | null {
  if (message.from === null) return null;
  const name = nameOf(world, message.from);
  if (what === "edited") return `${say("edited", name)}: ${textOf(message)}`;
  if (what === "deleted") return `  ${say("deleted", name, textOf(message))}`;
  const failed = what === "status" && message.status === "failed";
  return failed ? `  ${say("notDelivered", message.error?.code ?? "", textOf(message))}` : null;
}

/** One line for what someone who tries rules wants to see; null for everything else. */
export function changeLine(teller: Teller, change: Change): string | null {
  const { world, say } = teller;
  switch (change.kind) {
    case "message":
      return messageLine(teller, change.message);
    case "message_changed":
      return changedLine(teller, change);
    case "dialog_opened":
      return `  ${say("opened")}`;
    case "dialog_closed":
      return `  ${say("closed")}`;
    case "assigned": {
      const { responsible } = change.dialog;
      return responsible === null ? null : `  ${say("assigned", nameOf(world, responsible))}`;
    }
    case "unassigned":
      return `  ${say("unassigned")}`;
    case "tag_added":
      return `  ${say("tagged", change.tag)}`;
    case "tag_removed":
      return `  ${say("untagged", change.tag)}`;
    case "person":
      return `  ${say(change.person.online ? "online" : "offline", personName(change.person))}`;
    default:
      return null;
  }
}

/** Somebody spoke to the bot and expects something: a customer's message, or a manager's command. */
function isAddressed({ type, data }: Event): boolean {
  const { message } = data as { message?: { from?: { type?: unknown } | null; type?: unknown } | null };
  return type === "message_new" && (message?.from?.type === "customer" || message?.type === "command");
}

export interface Decided {
  readonly event: Event;
  readonly verdicts: readonly Verdict[];
  /** The customer may go on; what was said so far is not judged yet. */
  readonly gathers?: boolean;
}

/** Which rules acted, and what they left undone and why; which fit and were held back. Where somebody expects an answer, also
 *  that no rule fits, once all is said. That an earlier rule has answered is seen by its answer. */
export function decisionLines(speaker: Speaker, { event, verdicts, gathers }: Decided): readonly string[] {
  const { say } = speaker;
  const told = verdicts.flatMap((verdict) => verdictLines(speaker, verdict));
  const awaited = isAddressed(event) || endsTurn(event);
  if (gathers || !awaited || verdicts.some(({ outcome }) => outcome === "fired")) return told;
  const fits = verdicts.some(({ outcome }) => outcome !== "condition");
  return [...told, `  ${say(fits ? "noRule" : "noMatch")}`];
}

interface Speaker {
  readonly say: Say;
  readonly language: Language;
}

function verdictLines({ say, language }: Speaker, { outcome, rule, steps, error }: Verdict): readonly string[] {
  switch (outcome) {
    case "fired":
      return [`  ${say("rule", rule)}`, ...steps.flatMap((step) => undoneLines({ say, language }, step))];
    case "shadow":
      return [`  ${say("shadow", rule)}`];
    case "once":
    case "capped":
    case "gathers":
      return [`  ${say("heldBack", rule, HELD_BACK[outcome]?.[language] ?? "")}`];
    case "condition":
      return error === undefined ? [] : [`  ${say("unjudged", rule, error)}`];
    case "slot":
      return [];
  }
}

function undoneLines({ say, language }: Speaker, { action, line, reason }: StepTrace): readonly string[] {
  // What is so already needs no doing: nobody misses it.
  return reason === null || reason === "already"
    ? []
    : [`    ${say("notDone", action, String(line), reasonSentence(reason)[language])}`];
}
