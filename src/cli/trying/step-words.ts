import { chooseText } from "../../engine/texts.ts";
import type { Language } from "../../types/issue.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import type { Step, Text } from "../../types/rule.ts";
import { spanIn } from "./time-words.ts";
import type { Say, TryWord } from "./words.ts";

/** What is needed to put an action of the files into words. `toStaff`: the rule answers the staff. */
export interface Reader {
  readonly say: Say;
  readonly language: Language;
  readonly toStaff: boolean;
}

/** What compiled actions hold, as far as people are told of it; each action has its own part. */
interface Args {
  readonly text?: Text;
  readonly buttons?: readonly Text[];
  readonly choices?: readonly Text[];
  readonly to?: string | null;
  readonly team?: string | null;
  readonly pick?: string;
  readonly url?: Text;
  readonly caption?: Text | null;
  readonly card?: JsonObject | string;
  readonly tags?: readonly Text[];
  readonly values?: readonly { readonly owner: string; readonly name: string; readonly value: Json }[];
  readonly ms?: number;
  readonly forMs?: number | "until_closed";
  readonly flow?: string;
  readonly what?: string;
  readonly by?: JsonObject;
  readonly request?: JsonObject;
  readonly operation?: string;
}

/** An action's compiled arguments; what an action does not have is left out. */
export const argsOf = ({ args }: Step): Args => (isObject(args) ? (args as unknown as Args) : {});

/** What an action would do, in words, with its texts as they stand in the file. Nested lists are not told. */
export function stepWords(step: Step, reader: Reader): string {
  const words = WORDS[step.action]?.(argsOf(step), reader) ?? step.action;
  return step.if === null ? words : reader.say("onlyIf", words);
}

const WORDS: Readonly<Record<string, (args: Args, reader: Reader) => string>> = {
  reply: (args, reader) => {
    const staff = args.to === "managers" || (args.to === null && reader.toStaff);
    return reader.say(staff ? "toStaff" : "toCustomer", withButtons(args.text, args.buttons, reader));
  },
  note: ({ text }, reader) => reader.say("toStaff", written(text, reader)),
  send_image: (args, reader) => media("image", args, reader),
  send_file: (args, reader) => media("file", args, reader),
  send_product: (args, reader) => card("product", args, reader),
  send_order: (args, reader) => card("order", args, reader),
  assign: (args, { say }) => say("assign", takerOf(args, say)),
  queue: ({ team }, { say }) => say("queue", team ?? ""),
  unassign: (_args, { say }) => say("unassign"),
  close: (_args, { say }) => say("close"),
  open_dialog: (_args, { say }) => say("open"),
  tag: ({ tags }, reader) => reader.say("tag", listed(tags, reader)),
  untag: ({ tags }, reader) => reader.say("untag", listed(tags, reader)),
  edit: ({ text }, reader) => reader.say("edit", written(text, reader)),
  delete: (_args, { say }) => say("delete"),
  set: ({ values = [] }, { say }) =>
    values.map(({ owner, name, value }) => say("remembered", `${owner}.${name}`, shown(value))).join("; "),
  choose: (_args, { say }) => say("choose"),
  stop: (_args, { say }) => say("stopped"),
  mute: ({ forMs }, reader) => mutedWords(forMs ?? "until_closed", reader),
  unmute: (_args, { say }) => say("unmuted"),
  bot_api: ({ operation }) => `bot_api: ${operation ?? ""}`,
  ask: ({ text, choices }, reader) => reader.say("ask", withButtons(text, choices, reader)),
  wait: ({ ms = 0 }, { say, language }) => say("wait", spanIn(ms, language)),
  run: ({ flow }, { say }) => say("flow", flow ?? ""),
  look_up: ({ what, by }, { say }) => say("askCrm", lookUpWords({ what: what ?? "", by: by ?? {} }, say)),
  http: ({ request }, { say }) => serviceWords(request ?? {}, say),
};

export const shown = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

function written(text: Text | null | undefined, { language }: Reader): string {
  return text === undefined || text === null ? "" : chooseText(text, language, language).trim();
}

const listed = (texts: readonly Text[] | undefined, reader: Reader) =>
  (texts ?? []).map((text) => written(text, reader)).join(", ");

function withButtons(text: Text | undefined, buttons: readonly Text[] | undefined, reader: Reader): string {
  return [written(text, reader), ...(buttons ?? []).map((button) => `[${written(button, reader)}]`)].join(" ");
}

function media(kind: string, { url, caption }: Args, reader: Reader): string {
  return reader.say(
    "toCustomer",
    [`<${kind} ${written(url, reader)}>`, written(caption, reader)].filter(Boolean).join(" "),
  );
}

function card(kind: string, { card: given }: Args, { say }: Reader): string {
  const name = isObject(given) ? (given.name ?? given.number ?? null) : null;
  return say("toCustomer", name === null ? `<${kind}>` : `<${kind} ${shown(name)}>`);
}

/** Who gets a dialog, as the file names them. */
function takerOf({ to, team, pick }: Args, say: Say): string {
  if (team === null || team === undefined) return to ?? "";
  const someone = say("someoneOf", team);
  return pick === undefined || pick === "first" ? someone : `${someone} (${pick})`;
}

export function mutedWords(
  forMs: number | "until_closed",
  { say, language }: Pick<Reader, "say" | "language">,
): string {
  return forMs === "until_closed" ? say("mutedUntilClosed") : say("muted", spanIn(forMs, language));
}

/** What is looked up, and by what: `the order (number: 1051)`. */
export function lookUpWords({ what, by }: { readonly what: string; readonly by: JsonObject }, say: Say): string {
  const given = Object.entries(by).map(([name, value]) => `${name}: ${shown(value)}`);
  const own = OWN[what];
  return given.length === 0 && own !== undefined ? say(own) : say(GIVEN[what] ?? "what_order", given.join(", "));
}

const OWN: Readonly<Record<string, TryWord>> = {
  order: "what_own_order",
  orders: "what_own_orders",
  customer: "what_own_customer",
};

const GIVEN: Readonly<Record<string, TryWord>> = {
  order: "what_order",
  orders: "what_orders",
  customer: "what_customer",
  product: "what_product",
  delivery_types: "what_delivery_types",
  payment_types: "what_payment_types",
  order_statuses: "what_order_statuses",
};

/** `call POST https://shop.example/stock with {"id":1}`; headers are not told: they hold keys. */
export function serviceWords({ method, url, body }: JsonObject, say: Say): string {
  const target = `${shown(method ?? "GET").toUpperCase()} ${shown(url ?? "")}`;
  return body === null || body === undefined ? say("callService", target) : say("callServiceWith", target, shown(body));
}
