import { recordOf, textsOf } from "../raw.ts";
import { inside, keyOf } from "../report.ts";
import { everyAction, type RawAction } from "../walk.ts";
import type { CompiledRule, Lint } from "./lint.ts";
import { noButtons, noEditing } from "./sentences.ts";

/** Messengers whose public chat APIs take texts and pictures only: no quick replies, no changing of what was sent.
 *  Sources: the messenger APIs of Avito, Ozon (seller chats) and Wildberries (buyer chats). What an account's own channels
 *  can do is checked when they are known; kinds that differ from shop to shop are left out on purpose. */
const PLAIN: ReadonlySet<string> = new Set(["avito", "ozon", "wildberries"]);

/** Actions that the only messengers a rule is narrowed to can't show. */
export const lintChannels: Lint = ({ rules }, report) => {
  for (const rule of rules) {
    const [type] = onlyPlain(rule);
    if (type === undefined) continue;
    for (const { raw, spot } of customerActions(rule)) {
      for (const key of ["buttons", "choices"]) {
        if (raw[key] !== undefined) report.warn(keyOf(inside(spot, key)), noButtons(type));
      }
      if (raw.edit !== undefined) report.warn(keyOf(inside(spot, "edit")), noEditing(type));
    }
  }
};

/** The kinds of channel the rule is narrowed to, if all of them are plain. */
function onlyPlain({ raw }: CompiledRule): readonly string[] {
  const types = textsOf(recordOf(raw.when).channel_type ?? recordOf(raw.if).channel_type);
  return types.every((type) => PLAIN.has(type)) ? types : [];
}

function customerActions({ raw, spot }: CompiledRule): readonly RawAction[] {
  return everyAction(raw.do, inside(spot, "do")).filter((action) => action.raw.to !== "managers");
}
