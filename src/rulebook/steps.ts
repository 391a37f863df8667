import type { BranchSource, CompileTools, RawPath } from "../actions/action.ts";
import { actionNamed } from "../actions/index.ts";
import { findByName, sameName, suggest } from "../language/names.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { Step } from "../types/rule.ts";
import { checkAsk } from "./ask.ts";
import { allOf, compileIf } from "./conditions.ts";
import type { RuleContext } from "./context.ts";
import { compileDuration } from "./durations.ts";
import { enterFlow, findFlow } from "./enter-flow.ts";
import { nearTeam, needsChat, unknownAction, unknownTeam } from "./faults.ts";
import { checkHttp } from "./http.ts";
import { checkLookUp, insideFound } from "./looked-up.ts";
import { hasChat, hasCustomer } from "./occasions.ts";
import { listOf, recordOf } from "./raw.ts";
import { find, inside, keyOf, type Spot } from "./report.ts";
import { checkStored } from "./stored.ts";
import { compileText } from "./texts.ts";
import { checkTypes } from "./variables.ts";
import { eventName } from "./words-for.ts";

/** Actions that make sense where there is no chat. */
const CHATLESS: ReadonlySet<string> = new Set(["bot_api", "choose", "http", "look_up", "run", "stop"]);

/** Actions whose texts are data for the API or the store: an empty value in them is left out, not read by anyone. */
const DATA: ReadonlySet<string> = new Set(["set", "bot_api", "run", "send_product", "send_order", "look_up", "http"]);

/** A list of raw actions, nested lists and flows included. */
export function compileSteps(raw: unknown, spot: Spot, context: RuleContext): readonly Step[] {
  const items = listOf(raw);
  if (context.inFlows.length > 0) context.budget.left -= items.length;
  return items.flatMap((item, index) => compileStep(item, inside(spot, index), context) ?? []);
}

function compileStep(raw: unknown, spot: Spot, context: RuleContext): Step | null {
  if (!isObject(raw)) return null;
  const action = Object.keys(raw).flatMap((key) => actionNamed(key) ?? [])[0];
  if (!action) {
    context.report.fault(spot, unknownAction(Object.keys(raw)));
    return null;
  }
  const at = keyOf(inside(spot, action.name));
  checkChat(action.name, at, context);
  checkStored(raw, spot, context);
  checkTypes(raw, spot, context);
  checkAsk(raw, spot, context);
  checkLookUp(raw, spot, context);
  checkHttp(raw, spot, context);
  const condition = compileIf(raw.if, inside(spot, "if"), context);
  const compiled = action.compile(raw as never, toolsFor(action.name, spot, context));
  const branches = Object.entries(compiled.branches ?? {}).map(([name, branch]) => {
    const within = name === "found" ? insideFound(raw, context) : context;
    return [name, compileBranch(branch, raw, spot, within)] as const;
  });
  return {
    action: action.name,
    if: condition.length === 0 ? null : allOf(condition),
    args: compiled.args,
    branches: Object.fromEntries(branches),
    place: find(at).place,
  };
}

/** A nested list of the action itself, or a flow's actions, which are compiled as if they stood here. */
function compileBranch(branch: BranchSource, raw: JsonObject, spot: Spot, context: RuleContext): readonly Step[] {
  if ("raw" in branch) return compileSteps(branch.raw, inside(spot, ...branch.path), context);
  const entered = enterFlow(branch.flow, recordOf(raw.with), context);
  return entered === null ? [] : compileSteps(entered.flow.raw.do, inside(entered.flow.spot, "do"), entered.context);
}

/** A chat is needed by most actions; `set:` also works where only a customer is known. */
function checkChat(name: string, at: Spot, { readable: { on }, report }: RuleContext): void {
  const isReachable = name === "set" ? hasCustomer(on) : hasChat(on);
  if (!CHATLESS.has(name) && !isReachable) report.fault(at, needsChat(name, eventName(on)));
}

/** What an action may ask for while it compiles; its paths start at its own object. */
function toolsFor(action: string, spot: Spot, context: RuleContext): CompileTools {
  const at = (path: RawPath) => inside(spot, ...path);
  const { report } = context;
  return {
    text: (raw, path) => compileText(raw, at(path), DATA.has(action) ? "data" : "people", context),
    condition: (raw, path) => allOf(compileIf(raw, at(path), context)),
    duration: (raw, path) => compileDuration(raw, at(path), report),
    teamOrPerson: (name, path) => findTeam(name, at(path), context),
    team: (name, path) => declaredTeam(name, at(path), context),
    flow: (name, path) => findFlow(String(name), at(path), context),
    fault: (path, code, cause, fix) => report.fault(at(path), { code, cause, fix }),
    warn: (path, code, cause, fix) => report.warn(at(path), { code, cause, fix }),
  };
}

/** The declared spelling of a team. Any other name is a person or a bot, known only with an account; one that is nearly a
 *  team's gets a warning. */
function findTeam(name: string, spot: Spot, { book, report }: RuleContext): string | null {
  const teams = Object.values(book.teams);
  const team = findByName(teams, name, (known) => known.name);
  if (team) return team.name;
  const isPerson = teams.some((known) => known.people.some((person) => sameName(person, name)));
  const near = isPerson ? null : suggest(name, Object.keys(book.teams));
  if (near !== null) report.warn(spot, nearTeam(name, near));
  return null;
}

/** The declared spelling of a team where nothing else can be meant. */
function declaredTeam(name: string, spot: Spot, { book, report }: RuleContext): string | null {
  const team = findByName(Object.values(book.teams), name, (known) => known.name);
  if (team === undefined || team === null)
    report.fault(spot, unknownTeam(name, suggest(name, Object.keys(book.teams))));
  return team?.name ?? null;
}

/** All steps of a rule, nested ones included, in file order. */
export function everyStep(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...Object.values(step.branches).flatMap(everyStep)]);
}

/** Can any of these steps speak to the person who wrote? */
export function canAnswer(steps: readonly Step[]): boolean {
  return everyStep(steps).some((step) => actionNamed(step.action)?.speaksTo(step.args) === "writer");
}
