import { tokenize } from "../../language/text/words.ts";
import { recordOf, textOf, textsOf } from "../raw.ts";
import { canonical } from "../version.ts";
import type { CompiledRule } from "./lint.ts";

/** A phrase as words in one spelling; a `*` at the end of a word stays. */
export type Phrase = readonly string[];

/** The match of one rule in a form that can be compared. Null: the rule does not narrow by this. */
export interface Shape {
  /** `any`, `text`, ...: of `message:`. */
  readonly kind: string | null;
  readonly has: readonly Phrase[] | null;
  readonly is: readonly Phrase[] | null;
  readonly pattern: string | null;
  readonly command: string | null;
  /** Of silence rules: how long, in whose open time. */
  readonly silence: string | null;
  readonly from: string;
  readonly scope: string | null;
  readonly first: boolean;
  readonly channels: readonly string[] | null;
  readonly channelTypes: readonly string[] | null;
  /** Canonical text of `if:`; empty: no conditions. */
  readonly condition: string;
}

export function shapeOf({ raw, rule }: CompiledRule): Shape {
  const when = recordOf(raw.when);
  const condition = canonical(raw.if ?? {});
  return {
    kind: textOf(when.message),
    has: when.message_has === undefined ? null : textsOf(when.message_has).map(phraseOf),
    is: when.message_is === undefined ? null : textsOf(when.message_is).map(phraseOf),
    pattern: textOf(when.message_matches),
    command: textOf(when.command),
    silence: rule.silence === null ? null : canonical(rule.silence),
    from: textOf(when.from) ?? "customer",
    scope: textOf(when.scope),
    first: when.first === true,
    channels: when.channel === undefined ? null : textsOf(when.channel),
    channelTypes: when.channel_type === undefined ? null : textsOf(when.channel_type),
    condition: condition === "{}" ? "" : condition,
  };
}

function phraseOf(phrase: string): Phrase {
  return phrase.split(/\s+/u).flatMap((chunk) => {
    const words = tokenize(chunk);
    return words.map((word, index) => (chunk.endsWith("*") && index === words.length - 1 ? `${word}*` : word));
  });
}
