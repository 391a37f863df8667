import { readAnswer } from "../language/answers/index.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Question } from "../types/plan.ts";
import type { Text } from "../types/rule.ts";
import type { Action, BranchSource, Outcome, Scene } from "./action.ts";
import { speak } from "./speak.ts";
import { nothing, speechless } from "./speech.ts";
import { remember, toAssignment, writersLanguage } from "./stored.ts";

export type Expect = "text" | "phone" | "email" | "number" | "date" | "choice" | "order_number";

interface RawAsk {
  readonly ask: unknown;
  readonly expect?: Expect;
  readonly choices?: readonly unknown[];
  readonly save?: string;
  readonly retry?: { readonly times?: number; readonly say?: unknown };
  readonly no_answer?: { readonly after?: string; readonly do?: readonly JsonObject[] };
}

interface AskArgs {
  readonly text: Text;
  readonly expect: Expect;
  readonly choices: readonly Text[];
  readonly save: string | null;
  readonly times: number;
  readonly say: Text | null;
  readonly afterMs: number | null;
  readonly hasNoAnswer: boolean;
}

/** How often a wrong answer is asked again where the file does not say. */
const USUAL_RETRIES = 2;

function noAnswerBranch(raw: RawAsk): Readonly<Record<string, BranchSource>> {
  const actions = raw.no_answer?.do ?? [];
  return actions.length === 0 ? {} : { no_answer: { raw: actions, path: ["no_answer", "do"] } };
}

/** `wrong` answers have come so far: the question is put in the words of `retry.say` then. */
function putQuestion(args: AskArgs, scene: Scene, wrong: number): Outcome {
  const reason = speechless(scene, "public");
  if (reason !== null) return { ...nothing(reason), stop: true };
  const text = wrong === 0 ? args.text : (args.say ?? args.text);
  const choices = args.choices.map((choice) => scene.say(choice, "customer").trim()).filter((title) => title !== "");
  const requests = args.expect === "phone" || args.expect === "email" ? [args.expect] : [];
  const spoken = speak({ text: scene.say(text, "customer").trim(), titles: [...new Set(choices)], requests }, scene);
  if (spoken === null) return { ...nothing("empty"), stop: true };
  const question: Question = { expect: args.expect, choices, wrong };
  const until = args.afterMs === null ? null : scene.now + args.afterMs;
  return { ...spoken, awaits: { kind: "answer", until, question } };
}

/** The run goes through `no_answer:` if there is one, and ends. */
function giveUp(args: AskArgs): Outcome {
  return args.hasNoAnswer
    ? { branch: "no_answer", last: true, reason: "no_answer" }
    : { stop: true, reason: "no_answer" };
}

function keep(args: AskArgs, value: Json, scene: Scene): Outcome {
  const assignment = args.save === null ? null : toAssignment(args.save, value);
  const scope = { answer: value };
  if (assignment === null) return { scope };
  return { scope, ...remember([{ ...assignment, language: writersLanguage(scene) }], scene) };
}

function takeAnswer(args: AskArgs, scene: Scene): Outcome {
  const { answer } = scene;
  if (answer === null) return giveUp(args);
  const read = readAnswer(answer.text, {
    expect: args.expect,
    choices: answer.question.choices,
    language: scene.state.customer?.language ?? scene.rulebook.language,
    timezone: scene.rulebook.timezone,
    now: scene.now,
  });
  if (read.ok) return keep(args, read.value, scene);
  if (answer.question.wrong >= args.times) return giveUp(args);
  return putQuestion(args, scene, answer.question.wrong + 1);
}

/** Asks the customer and goes on with the answer, whenever it comes. A wrong answer is asked again up to `retry.times`. */
export const ask: Action<RawAsk, AskArgs> = {
  name: "ask",
  speaksTo: () => "writer",
  compile(raw, tools) {
    const branches = noAnswerBranch(raw);
    const choices = raw.choices ?? [];
    const after = raw.no_answer?.after;
    return {
      args: {
        text: tools.text(raw.ask, ["ask"]),
        expect: raw.expect ?? (choices.length > 0 ? "choice" : "text"),
        choices: choices.map((choice, index) => tools.text(choice, ["choices", index])),
        save: raw.save ?? null,
        times: raw.retry?.times ?? USUAL_RETRIES,
        say: raw.retry?.say === undefined ? null : tools.text(raw.retry.say, ["retry", "say"]),
        afterMs: after === undefined ? null : tools.duration(after, ["no_answer", "after"]),
        hasNoAnswer: "no_answer" in branches,
      },
      branches,
    };
  },
  advance(args, scene) {
    if (scene.timeUp) return giveUp(args);
    return scene.answer === null ? putQuestion(args, scene, 0) : takeAnswer(args, scene);
  },
};
