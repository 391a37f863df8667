import type { Rulebook, Text } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { looseContext, type Shared } from "./context.ts";
import { duplicateText } from "./hours-faults.ts";
import { recordOf } from "./raw.ts";
import { find, keyOf, type Spot } from "./report.ts";
import { compileText } from "./texts.ts";
import { lineName } from "./words-for.ts";

/** What the bot says by itself and the shop may say in its own words. */
export const OWN_TEXTS: readonly string[] = ["cancelled"];

/** `texts:` of all files. They may read what every rule for a message may. */
export function compileOwnTexts(sources: readonly Source[], shared: Shared): Rulebook["texts"] {
  const texts = new Map<string, { readonly text: Text; readonly spot: Spot }>();
  for (const source of sources) {
    for (const [name, raw] of Object.entries(recordOf(source.value.texts))) {
      const spot: Spot = { source, path: ["texts", name] };
      const twin = texts.get(name);
      if (twin) shared.report.fault(keyOf(spot), duplicateText(name, lineName(find(keyOf(twin.spot)).place)));
      else texts.set(name, { text: compileText(raw, spot, "people", looseContext(spot, "message", shared)), spot });
    }
  }
  return Object.fromEntries([...texts].map(([name, { text }]) => [name, text]));
}
