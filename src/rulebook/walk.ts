import { actionNamed } from "../actions/index.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import { listOf, recordOf } from "./raw.ts";
import { inside, type Spot } from "./report.ts";

/** One raw action, its name and where it stands. */
export interface RawAction {
  readonly name: string;
  readonly raw: JsonObject;
  readonly spot: Spot;
}

/** Every action of a raw list, nested lists included, in file order. */
export function everyAction(raw: unknown, spot: Spot): readonly RawAction[] {
  return listOf(raw).flatMap((item, index) => (isObject(item) ? actionAndNested(item, inside(spot, index)) : []));
}

function actionAndNested(raw: JsonObject, spot: Spot): readonly RawAction[] {
  const name = actionNameOf(raw);
  if (name === null) return [];
  return [{ name, raw, spot }, ...nestedLists(raw, spot).flatMap(([list, at]) => everyAction(list, at))];
}

/** The action's own key, which names it. */
export function actionNameOf(raw: JsonObject): string | null {
  return Object.keys(raw).find((key) => actionNamed(key) !== undefined) ?? null;
}

/** Lists of actions stand directly under a key (`nobody:`), under `do:` of it (`no_answer:`) or under `do:` of a list's
 *  entries (`choose:`). */
function nestedLists(raw: JsonObject, spot: Spot): readonly (readonly [unknown, Spot])[] {
  return Object.entries(raw).flatMap(([key, value]) => {
    const at = inside(spot, key);
    const entries = listOf(value).map(
      (entry, index) => [isObject(entry) ? entry.do : null, inside(at, index, "do")] as const,
    );
    return [[value, at] as const, [recordOf(value).do, inside(at, "do")] as const, ...entries];
  });
}
