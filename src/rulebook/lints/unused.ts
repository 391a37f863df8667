import { nameKey, suggest } from "../../language/names.ts";
import { isObject } from "../../types/json.ts";
import { flowsOf, type WrittenFlow } from "../flows.ts";
import { OWN_TEXTS } from "../own-texts.ts";
import { recordOf, textOf } from "../raw.ts";
import { inside, keyOf, type Spot } from "../report.ts";
import type { Lint, LintInput } from "./lint.ts";
import { unusedCommand, unusedFlow, unusedHours, unusedTeam, unusedText } from "./sentences.ts";

/** Teams that no rule names, not even a switched-off one. */
export const lintUnusedTeams: Lint = (input, report) => {
  const words = new Set([...everyWritten(input)].flatMap(({ text }) => (text === null ? [] : [plain(text)])));
  for (const [name, spot] of declared("teams", input)) {
    if (!words.has(plain(name))) report.warn(spot, unusedTeam(name));
  }
};

/** Declared commands that no rule answers. */
export const lintUnusedCommands: Lint = (input, report) => {
  const written = [input, ...(input.elsewhere ?? [])].flatMap((one) => one.written);
  const answered = new Set(written.map(({ raw }) => recordOf(raw.when).command));
  for (const [name, spot] of declared("commands", input)) {
    if (!answered.has(name)) report.warn(spot, unusedCommand(name));
  }
};

/** Flows that no rule runs, neither itself nor through another flow. */
export const lintUnusedFlows: Lint = ({ written, flows }, report) => {
  const known = new Map(flows.map((flow): [string, WrittenFlow] => [nameKey(flow.name), flow]));
  const run = flowsOf(written, known);
  for (const flow of flows) if (!run.has(flow)) report.warn(inside(flow.spot, "flow"), unusedFlow(flow.name));
};

/** Hours that no rule asks for, whether by a key (`open:`) or by a path (`hours.office.closes_at`). */
export const lintUnusedHours: Lint = (input, report) => {
  const used = new Set([...everyWritten(input)].flatMap(hoursIn));
  for (const [name, spot] of declared("hours", input)) if (!used.has(name)) report.warn(spot, unusedHours(name));
};

/** Texts of the shop that stand for nothing the bot says. */
export const lintUnusedTexts: Lint = (input, report) => {
  for (const [name, spot] of declared("texts", input)) {
    if (!OWN_TEXTS.includes(name)) report.warn(spot, unusedText(name, suggest(name, OWN_TEXTS)));
  }
};

/** Every name that a section of the files declares, with its key. */
function declared(section: string, { sources }: LintInput): readonly (readonly [string, Spot])[] {
  return sources.flatMap((source) => {
    const names = Object.keys(recordOf(source.value[section]));
    return names.map((name) => [name, keyOf({ source, path: [section, name] })] as const);
  });
}

/** Something written in a rule, a flow or an own text: a key and, if it is one, the text it has. Of a list, the list's key. */
interface Written {
  readonly key: string;
  readonly text: string | null;
}

function* everyWritten({ written, flows, sources, elsewhere = [] }: LintInput): Generator<Written> {
  for (const { raw } of [...written, ...flows]) yield* inEntries(raw, "");
  for (const { value } of sources) yield* inEntries(value.texts, "texts");
  for (const other of elsewhere) yield* everyWritten(other);
}

function* inEntries(value: unknown, key: string): Generator<Written> {
  yield { key, text: textOf(value) };
  if (Array.isArray(value)) for (const item of value) yield* inEntries(item, key);
  if (isObject(value)) for (const [inner, item] of Object.entries(value)) yield* inEntries(item, inner);
}

const BY_NAME: ReadonlySet<string> = new Set(["open", "closed", "count_time"]);
const IN_PATH = /\bhours\.([\p{L}\p{N}_-]+)/gu;

function hoursIn({ key, text }: Written): readonly string[] {
  const named = BY_NAME.has(key) && text !== null ? [text] : [];
  const read = [...`${key} ${text ?? ""}`.matchAll(IN_PATH)].flatMap(([, name]) => name ?? []);
  return [...named, ...read];
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
