import { isObject } from "../../types/json.ts";
import type { Run, Wait } from "../../types/plan.ts";
import type { Rule, Step } from "../../types/rule.ts";
import { marked, shifted, under } from "./layout.ts";
import { branchLines, outline, stepsAfter } from "./outline.ts";
import { lookUpWords, type Reader, serviceWords } from "./step-words.ts";
import { momentIn, spanIn, type Watch } from "./time-words.ts";
import type { TryWord } from "./words.ts";

/** A run that waits at this step. */
export interface Waiting {
  readonly rule: Rule;
  readonly run: Run;
  readonly step: Step;
}

/** What a run waits for, and what the file has for afterwards. */
export function waitLines(waiting: Waiting, reader: Reader & Watch): readonly string[] {
  const { run, step, rule } = waiting;
  if (run.waitsFor === null) return [];
  const after = outline(stepsAfter(rule.do, run), reader);
  return [
    marked("→", waitWords(run.waitsFor, step, reader)),
    ...dropLines(step, reader),
    ...branchLines(step, reader),
    ...under(reader.say(thenWord(waiting)), after),
  ];
}

/** After a time the rule's own `if` is judged again. */
function thenWord({ rule, run }: Waiting): TryWord {
  return run.waitsFor?.kind === "time" && rule.parts.some(({ from }) => from === "if") ? "followsIfHolds" : "follows";
}

function waitWords(wait: Wait, step: Step, reader: Reader & Watch): string {
  const { say, language, now } = reader;
  switch (wait.kind) {
    case "time":
      return say("waits", spanIn(wait.until - now, language), momentIn(wait.until, reader));
    case "answer":
      return say("waitsForAnswer", answerWords(step, wait.question.expect, reader));
    case "request":
      return requestWords(wait, reader);
    case "call":
      return step.action;
  }
}

function requestWords({ request: { kind, args } }: Wait & { readonly kind: "request" }, { say }: Reader): string {
  if (kind === "http") return serviceWords(args, say);
  const by = isObject(args.by) ? args.by : {};
  return say("askCrm", lookUpWords({ what: String(args.what), by }, say));
}

interface AskArgs {
  readonly save?: string | null;
  readonly times?: number;
  readonly afterMs?: number | null;
}

const askArgs = ({ args }: Step): AskArgs => (isObject(args) ? args : {});

function answerWords(step: Step, expect: string, { say }: Reader): string {
  const { save = null, times = 0 } = askArgs(step);
  return [
    say(`expect_${expect}` as TryWord),
    ...(save === null ? [] : [say("savedAs", save)]),
    ...(expect === "text" ? [] : [say("askedAgain", String(times))]),
  ].join("; ");
}

/** A question with a time limit and nothing to do after it. */
function dropLines(step: Step, { say, language }: Reader): readonly string[] {
  const { afterMs = null } = askArgs(step);
  if (afterMs === null || step.branches.no_answer !== undefined) return [];
  return shifted([say("noAnswerAfter", spanIn(afterMs, language))], 2);
}
