import { leaveWord } from "../language/answers/index.ts";
import { sameName } from "../language/names.ts";
import type { Question } from "../types/plan.ts";
import type { Step } from "../types/rule.ts";
import type { State, WaitingRun } from "../types/state.ts";
import { stepAt } from "./position.ts";

/** The run whose question is open in the dialog; null: none is. */
export function openQuestion({ waiting, dialog }: State): (WaitingRun & { readonly question: Question }) | null {
  for (const { run, rule } of waiting) {
    if (run.waitsFor?.kind === "answer" && run.dialogId === (dialog?.id ?? null)) {
      return { run, rule, question: run.waitsFor.question };
    }
  }
  return null;
}

export type Leaving = "cancelled" | "left" | null;

/** Does this text leave the question instead of answering it? A cancel word is answered with `texts.cancelled`; after the
 *  other ways the message is judged by the rules as usual (spec 4.1 "Open question"). */
export function leaves(text: string, question: Question, state: State, cancelWords: readonly string[]): Leaving {
  const word = leaveWord(text, cancelWords);
  const isChoice = question.choices.some((choice) => sameName(choice, text.trim()));
  if (isChoice) return null;
  if (word === "cancel") return "cancelled";
  if (word !== null || text.trimStart().startsWith("/")) return "left";
  const shown = state.dialog?.shownButtons ?? [];
  return shown.some((title) => sameName(title, text.trim())) ? "left" : null;
}

/** Has the question an action for when no answer comes? Then a manager's message does not end it. */
export function hasNoAnswer({ run, rule }: WaitingRun): boolean {
  const step: Step | null = stepAt(rule.do, run.position);
  return step?.branches.no_answer !== undefined || (run.waitsFor?.kind === "answer" && run.waitsFor.until !== null);
}
