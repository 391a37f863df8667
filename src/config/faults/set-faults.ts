import type { Fault } from "../../language/fault.ts";
import { faultOf, say } from "./say.ts";

/** What can be wrong with which accounts a rule set is for. */
export const accountTwice = (host: string, set: string): Fault =>
  faultOf(
    "account-twice",
    say(
      `"${host}" belongs to the rule set "${set}" already.`,
      `"${host}" ya pertenece al conjunto de reglas "${set}".`,
      `"${host}" уже относится к набору правил "${set}".`,
    ),
    say("name it in one set only", "nómbrelo en un solo conjunto", "укажите его только в одном наборе"),
  );
