import { Context, type Emitter, LiquidError, type Template as ParsedTemplate, toValueSync } from "liquidjs";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import type { Template } from "../../types/rule.ts";
import { boundedCache } from "../bounded-cache.ts";
import { createLiquid, READER, type Reader, SHOWN, toText } from "./liquid.ts";

export { checkTemplate, type TemplateFault } from "./template-check.ts";
export type { PathUse } from "./template-walk.ts";

/** A template that could not be rendered within its limits, or that failed on this data. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

const LONGEST_TEXT = 20_000;
const KEPT_TEMPLATES = 2000;
/** A step is a tag, a value or a piece of text; a round of a loop is one more. Usual texts take some dozens. */
const MOST_STEPS = 100_000;
const MOST_STEPS_UNTIMED = 1_000;
const LONGEST_RENDER_MS = 1_000;

const liquid = createLiquid({ strictFilters: true });
const parsed = boundedCache<ParsedTemplate[]>(KEPT_TEMPLATES, (source) => liquid.parse(source));

/** The text of a checked template for this reader. Names are read as own properties of `view`; what is absent is empty.
 *  Values are put in as they are and never read as templates. Throws TemplateError when the text gets longer than 20,000
 *  characters, or rendering takes too long or too much memory. */
export function renderTemplate(source: Template, view: JsonObject, reader: Reader): string {
  return render(source, view, reader, null);
}

/** What a template gives: a number, a flag or a list if that is all it puts out (`{{ dialog.visits | plus: 1 }}`), else its text. Throws
 *  as `renderTemplate` does. */
export function evaluateTemplate(source: Template, view: JsonObject, reader: Reader): Json {
  const shown: unknown[] = [];
  const text = render(source, view, reader, shown);
  const [value] = shown;
  return shown.length === 1 && isPlain(value) && toText(value) === text ? value : text;
}

function isPlain(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every((item) => typeof item !== "object");
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** LiquidJS takes an absent `size` of a map for the count of its keys; to a shop it is a name like any other (`customer.size`). */
function withoutCounts(context: Context): Context {
  const read = context.readProperty.bind(context);
  context.readProperty = (owner, key) =>
    key === "size" && isObject(owner) && !Object.hasOwn(owner, "size") ? undefined : read(owner, key);
  return context;
}

/** LiquidJS looks at the clock alone, and would drop a text because the machine was busy while it was made. Here steps count; the clock
 *  is asked only of texts that take many. */
function inSteps(context: Context): Context {
  let steps = 0;
  let beganAt: number | null = null;
  context.renderLimit.check = (now) => {
    steps += 1;
    beganAt ??= now;
    const isLong = steps > MOST_STEPS_UNTIMED && now - beganAt > LONGEST_RENDER_MS;
    if (isLong || steps > MOST_STEPS) throw new Error("it takes too many steps");
  };
  return context;
}

function render(source: Template, view: JsonObject, reader: Reader, shown: unknown[] | null): string {
  if (!hasMarks(source)) return source;
  try {
    const context = inSteps(withoutCounts(new Context(view, liquid.options, { sync: true }, { liquid })));
    context.setRegister(READER, reader);
    context.setRegister(SHOWN, shown);
    const emitter = cappedEmitter();
    toValueSync(liquid.renderer.renderTemplates(parsed(source), context, emitter));
    return emitter.buffer;
  } catch (cause) {
    throw new TemplateError(`the text could not be made: ${reasonOf(cause)}`, { cause });
  }
}

/** Is there anything to render? */
export function hasMarks(source: string): boolean {
  return source.includes("{{") || source.includes("{%");
}

/** Stops a render at the first character too many, rather than after it has filled the memory. */
function cappedEmitter(): Emitter {
  return {
    buffer: "",
    write(text: unknown) {
      this.buffer += String(text ?? "");
      if (this.buffer.length > LONGEST_TEXT) throw new Error(`it is longer than ${LONGEST_TEXT} characters`);
    },
  };
}

function reasonOf(cause: unknown): string {
  if (LiquidError.is(cause)) return cause.originalError?.message ?? cause.message;
  return cause instanceof Error ? cause.message : String(cause);
}
