import { parseDuration } from "../language/duration.ts";
import { compileMatch } from "../language/logic/condition.ts";
import { suggest } from "../language/names.ts";
import { firstWords } from "../language/text/words.ts";
import type { JsonObject } from "../types/json.ts";
import type { ConditionPart, Rule } from "../types/rule.ts";
import type { RuleContext } from "./context.ts";
import { compileDuration } from "./durations.ts";
import { firstIsOfCustomers, needsChat, noTimeAtAll, senseless, unknownCommand } from "./faults.ts";
import { checkHoursName } from "./hours.ts";
import { hasChat, isMessage, isSilence, occasionOf } from "./occasions.ts";
import { textOf, textsOf } from "./raw.ts";
import { inside, keyOf, type Spot } from "./report.ts";
import { eventName } from "./words-for.ts";

/** A compiled `when:` without its occasion. */
export interface Match extends Pick<Rule, "firstWords" | "pattern" | "silence"> {
  readonly parts: readonly ConditionPart[];
}

/** The cheap part of a rule: what the index looks it up by, and the parts that are judged first. */
export function compileWhen(when: JsonObject, spot: Spot, context: RuleContext): Match {
  checkNarrowing(when, spot, context);
  checkCommand(when, spot, context);
  const { parts, faults } = compileMatch(when, { on: context.readable.on });
  for (const fault of faults) context.report.fault(inside(spot, ...fault.path), fault);
  return {
    parts,
    firstWords: indexWords(when),
    pattern: textOf(when.message_matches),
    silence: silenceOf(when, spot, context),
  };
}

function indexWords(when: JsonObject): readonly string[] | null {
  if (when.command !== undefined) return textsOf(when.command);
  const phrases = when.message_has ?? when.message_is;
  if (phrases === undefined) return null;
  return [...new Set(textsOf(phrases).flatMap((phrase) => firstWords(phrase) ?? []))];
}

/** How long a silence has to be, and whose open time counts. */
function silenceOf(when: JsonObject, spot: Spot, { readable: { on }, book, report }: RuleContext): Rule["silence"] {
  if (!isSilence(on)) return null;
  const hours = textOf(when.count_time);
  if (hours !== null) checkHoursName(hours, inside(spot, "count_time"), book.hours, report);
  const ms = compileDuration(when[on], inside(spot, on), report);
  if (parseDuration(textOf(when[on]) ?? "") === 0) report.fault(inside(spot, on), noTimeAtAll(on));
  return { ms, hours };
}

function checkCommand(when: JsonObject, spot: Spot, { book, report }: RuleContext): void {
  const name = textOf(when.command);
  if (name === null || Object.hasOwn(book.commands, name)) return;
  report.fault(inside(spot, "command"), unknownCommand(name, suggest(name, Object.keys(book.commands))));
}

/** `from` and `first` are about messages, `scope` about whatever is written, channels about chats, `count_time` about silences. */
function checkNarrowing(when: JsonObject, spot: Spot, { readable: { on }, report }: RuleContext): void {
  const event = eventOf(when, on);
  const isWritten = isMessage(on) || on === "command";
  const makeSense = { from: isMessage(on), first: isMessage(on), scope: isWritten, count_time: isSilence(on) };
  for (const [key, sensible] of Object.entries(makeSense)) {
    if (when[key] !== undefined && !sensible) report.fault(keyOf(inside(spot, key)), senseless(key, event));
  }
  for (const key of ["channel", "channel_type"]) {
    if (when[key] !== undefined && !hasChat(on)) report.fault(keyOf(inside(spot, key)), needsChat(key, event));
  }
  const from = textOf(when.from);
  if (when.first === true && isMessage(on) && (from === "manager" || from === "bot")) {
    report.fault(keyOf(inside(spot, "first")), firstIsOfCustomers(from));
  }
}

/** The event as the rule writes it: `command`, `dialog: opened`. */
function eventOf(when: JsonObject, on: Rule["on"]): string {
  return on === "message" ? (occasionOf(when)?.key ?? on) : eventName(on);
}
