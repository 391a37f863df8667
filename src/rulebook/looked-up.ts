import { isObject, type JsonObject } from "../types/json.ts";
import type { RuleContext } from "./context.ts";
import { needsBy, notLookedUp, senselessBy } from "./look-up-faults.ts";
import { offerOf } from "./looked-up-offers.ts";
import { textOf } from "./raw.ts";
import { inside, keyOf, type Spot } from "./report.ts";

/** What each thing can be found by; for the others `by` means nothing. */
const FOUND_BY: Readonly<Record<string, readonly string[]>> = {
  order: ["number", "phone", "email"],
  orders: ["number", "phone", "email"],
  customer: ["phone", "email"],
  product: ["name"],
};

/** `by:` has to fit what is looked up, and a card can be sent only of what the rule looks up. */
export function checkLookUp(raw: JsonObject, spot: Spot, { readable, report }: RuleContext): void {
  checkCards(raw, spot, { readable, report });
  const thing = textOf(raw.look_up);
  if (thing === null) return;
  const by = isObject(raw.by) ? raw.by : {};
  const allowed = FOUND_BY[thing] ?? [];
  for (const key of Object.keys(by)) {
    if (!allowed.includes(key)) report.fault(keyOf(inside(spot, "by", key)), senselessBy(key, thing, allowed));
  }
  if (thing === "product" && by.name === undefined) report.fault(inside(spot, "look_up"), needsBy(thing, "name"));
}

function checkCards(raw: JsonObject, spot: Spot, { readable, report }: Pick<RuleContext, "readable" | "report">): void {
  for (const key of ["send_order", "send_product"] as const) {
    const thing = textOf(raw[key]);
    if (thing !== null && readable.more[thing] === undefined)
      report.fault(inside(spot, key), notLookedUp(thing, thing));
  }
}

/** The context of a `found:` list: what was looked up is there. */
export function insideFound(raw: JsonObject, context: RuleContext): RuleContext {
  const { readable } = context;
  const found = offerOf(textOf(raw.look_up) ?? "", { on: readable.on, found: true });
  return { ...context, readable: { ...readable, more: { ...readable.more, ...found } } };
}
