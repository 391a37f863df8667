import type { Offer } from "../language/paths.ts";
import type { Occasion } from "../types/event.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import { offerOf } from "./looked-up-offers.ts";
import { textOf } from "./raw.ts";

/** What the actions of these raw rules and flows bring to the rule that they make up: `answer` of a question, what is looked up,
 *  and names that `http: {save: ..}` gives. All are null until then. */
export function broughtBy(raws: readonly JsonObject[], on: Occasion): Readonly<Record<string, Offer>> {
  const brought: Record<string, Offer> = {};
  for (const raw of raws) collect(raw.do, on, brought);
  return brought;
}

function collect(value: unknown, on: Occasion, brought: Record<string, Offer>): void {
  if (typeof value !== "object" || value === null) return;
  if (isObject(value)) Object.assign(brought, broughtByAction(value, on));
  for (const inner of Object.values(value)) collect(inner, on, brought);
}

function broughtByAction(raw: JsonObject, on: Occasion): Readonly<Record<string, Offer>> {
  if (raw.ask !== undefined) return { answer: "nullable" };
  const lookedUp = textOf(raw.look_up);
  if (lookedUp !== null) return offerOf(lookedUp, { on, found: false });
  const saved = isObject(raw.http) ? textOf(raw.http.save) : null;
  return saved === null ? {} : { [saved]: "open" };
}
