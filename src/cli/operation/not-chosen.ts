import type { Chosen } from "../../accounts/operating/choose.ts";
import type { Sentence } from "../../types/issue.ts";
import { ambiguousConnection, NO_CONNECTIONS, unknownConnection } from "./sentences.ts";

/** Why the connection that was named can't be used. */
export function notChosen(chosen: Exclude<Chosen, { readonly kind: "chosen" }>, named: string): Sentence {
  if (chosen.kind === "ambiguous") return ambiguousConnection(named, chosen.matches);
  return chosen.known.length === 0 ? NO_CONNECTIONS : unknownConnection(named, chosen.known, chosen.near);
}
