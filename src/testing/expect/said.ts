import type { RawExpectation } from "../../generated/tests.ts";
import { type Said, saidBy } from "../said.ts";
import { type Check, each, type Mismatch, type Seen } from "../seen.ts";
import { quoted, wrong } from "../sentences.ts";

type Wanted<Key extends keyof RawExpectation> = NonNullable<RawExpectation[Key]>;

const toldTo = (to: Said["to"], { happened }: Seen): readonly Said[] =>
  happened.sent.map(saidBy).filter((said) => said !== null && said.to === to) as readonly Said[];

const textsTo = (to: Said["to"], seen: Seen): readonly string[] => toldTo(to, seen).map(({ text }) => text);

/** `reply`: just these messages, in this order. */
export const reply: Check<Wanted<"reply">> = (wanted, seen) => {
  const texts = each("reply", wanted).map(({ text }) => text.trim());
  const told = textsTo("customer", seen);
  return sameTexts(texts, told) ? [] : [{ path: ["reply"], cause: wrong.reply(quoted(texts), quoted(told)) }];
};

export const replyHas: Check<Wanted<"reply_has">> = (wanted, seen) => {
  const told = textsTo("customer", seen);
  return each("reply_has", wanted).flatMap(({ text, path }): readonly Mismatch[] =>
    told.some((one) => has(one, text)) ? [] : [{ path, cause: wrong.replyHas(text, quoted(told)) }],
  );
};

export const noteHas: Check<Wanted<"note_has">> = (wanted, seen) => {
  const told = textsTo("staff", seen);
  return each("note_has", wanted).flatMap(({ text, path }): readonly Mismatch[] =>
    told.some((one) => has(one, text)) ? [] : [{ path, cause: wrong.noteHas(text, quoted(told)) }],
  );
};

/** `buttons`: of the last message that has any. */
export const buttons: Check<Wanted<"buttons">> = (wanted, seen) => {
  const titles = each("buttons", wanted).map(({ text }) => text);
  const shown = toldTo("customer", seen).findLast((said) => said.buttons.length > 0)?.buttons ?? [];
  return sameTexts(titles, shown) ? [] : [{ path: ["buttons"], cause: wrong.buttons(quoted(titles), quoted(shown)) }];
};

const sameTexts = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((text, index) => text === right[index]);

const has = (text: string, words: string) => text.toLowerCase().includes(words.trim().toLowerCase());
