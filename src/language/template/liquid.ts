import { type Context, defaultOperators, type FilterImplOptions, Liquid, toValue } from "liquidjs";
import { isObject } from "../../types/json.ts";
import { readMoment } from "../moment.ts";
import { checkFormat, strftime } from "./strftime.ts";

/** For whom a template is rendered: names of days and months in this language, times in this zone. */
export interface Reader {
  /** `en`, `es`, `ru` or any other language tag. */
  readonly language: string;
  /** An IANA zone such as `Europe/Madrid`. */
  readonly timezone: string;
}

/** Where a render keeps its reader: filters see nothing else of the caller. */
export const READER = "reader";
/** Where a render that wants them collects the values it puts out, as they are. */
export const SHOWN = "shown";

const LONGEST_SOURCE = 20_000;
/** LiquidJS counts what filters and ranges make, in characters and entries. */
const MOST_MEMORY = 200_000;
const DEFAULT_FORMAT = "%c";

/** Read other files (`include`, `render`, `layout`, `block`), make HTML (`tablerow`), or write into what rules see. */
const REMOVED_TAGS = ["include", "render", "layout", "block", "tablerow", "increment", "decrement"];

/** Evaluate a text as code, give another answer each time, read the machine's zone, or throw on what customers write. */
const REMOVED_FILTERS = [
  "where_exp",
  "reject_exp",
  "group_by_exp",
  "has_exp",
  "find_exp",
  "find_index_exp",
  "sample",
  "date_to_xmlschema",
  "date_to_rfc822",
  "date_to_string",
  "date_to_long_string",
  "url_decode",
  "cgi_escape",
  "uri_escape",
  "base64_decode",
  "raw",
  "inspect",
  "jsonify",
];

/** LiquidJS without files, prototypes, code from texts, clock or chance. `strictFilters: false` is for finding all unknown
 *  filters of a template at once. */
export function createLiquid({ strictFilters }: { readonly strictFilters: boolean }): Liquid {
  const liquid = new Liquid({
    templates: {},
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters,
    strictVariables: false,
    operators: { ...defaultOperators, or: firstFilled },
    outputEscape: show,
    parseLimit: LONGEST_SOURCE,
    memoryLimit: MOST_MEMORY,
  });
  for (const tag of REMOVED_TAGS) delete liquid.tags[tag];
  for (const filter of REMOVED_FILTERS) liquid.unregisterFilter(filter);
  liquid.registerFilter("date", date);
  liquid.registerFilter("url_encode", (value) =>
    encodeURIComponent(toText(value).toWellFormed()).replaceAll("%20", "+"),
  );
  return liquid;
}

/** What a value looks like to a reader: nothing for what is absent, a list with commas, a person or channel by its name. */
export function toText(value: unknown): string {
  const plain: unknown = toValue(value);
  if (typeof plain === "string") return plain;
  if (typeof plain === "number") return Number.isFinite(plain) ? String(plain) : "";
  if (typeof plain === "boolean") return String(plain);
  if (Array.isArray(plain)) return plain.map(toText).join(", ");
  return isObject(plain) && Object.hasOwn(plain, "name") && typeof plain.name === "string" ? plain.name : "";
}

/** What stands in for a value in the text. */
function show(this: { readonly context: Context }, value: unknown): string {
  const shown: unknown = this.context.getRegister(SHOWN);
  if (Array.isArray(shown)) shown.push(toValue(value));
  return toText(value);
}

/** `or` gives the first operand that is not nil, false or empty text (spec 4.1 "Templates"); nil when all are. LiquidJS types
 *  operators as tests, but passes on whatever they give. */
function firstFilled(left: unknown, right: unknown): boolean {
  const filled = [left, right].find((operand) => {
    const value: unknown = toValue(operand);
    return value !== null && value !== undefined && value !== false && value !== "";
  });
  return (filled ?? null) as boolean;
}

/** `date: format, zone`. `now` and `today` are the event's own moment. What is no date stays as it is. */
const date: FilterImplOptions = function (value: unknown, format: unknown, zone: unknown) {
  const reader = readerOf(this.context);
  const said: unknown = value === "now" || value === "today" ? this.context.getSync(["now"]) : toValue(value);
  const moment = readMoment(said, typeof zone === "string" ? zone : reader.timezone);
  if (moment === null) return said;
  const wanted = typeof format === "string" && format !== "" ? format : DEFAULT_FORMAT;
  const refused = checkFormat(wanted);
  if (refused?.reason === "width") throw new Error(`the date format "${refused.part}" is too wide`);
  return strftime(moment.reconfigure({ locale: localeOf(reader.language), numberingSystem: "latn" }), wanted);
};

function readerOf(context: Context): Reader {
  return context.getRegister(READER);
}

/** A messenger may send `es_MX` or nonsense as a customer's language. */
function localeOf(language: string): string {
  try {
    return Intl.getCanonicalLocales(language.replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}
