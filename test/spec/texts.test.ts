import { expect, it } from "vitest";
import { decideOn, rulebook, said, shortly, telegram, world } from "../engine/world.ts";

/** Spec 4.1 "Templates", "Text by language", "Words", and section 4 "Templates". */
const withReply = (text: string) => rulebook(`- rule: R\n  when: {message: any}\n  do:\n    - reply:${text}`);

it.each([
  { language: "en", says: "Friday 13:00" },
  { language: "es", says: "viernes 13:00" },
  { language: "ru-RU", says: "пятница 13:00" },
  { language: null, says: "Friday 13:00" },
])("`date` uses the connection's zone and the reader's language: $language", ({ language, says }) => {
  const rules = { ...withReply(" \"{{ message.time | date: '%A %H:%M' }}\""), timezone: "Europe/Madrid" };
  expect(shortly(decideOn(rules, said("x"), world({ customer: { language } })))).toEqual([`public: ${says}`]);
});

it("in a note `date` uses the staff's language", () => {
  const rules = rulebook("- rule: R\n  when: {message: any}\n  do:\n    - note: \"{{ now | date: '%A' }}\"");
  const es = world({ customer: { language: "es" } });
  expect(shortly(decideOn(rules, said("x"), es))).toEqual(["private: Friday"]);
  expect(shortly(decideOn({ ...rules, language: "ru" }, said("x"), es))).toEqual(["private: пятница"]);
});

it.each([
  { language: "pt_BR", says: "Olá do Brasil" },
  { language: "pt-br", says: "Olá do Brasil" },
  { language: "pt", says: "Olá" },
  { language: "pt-PT", says: "Olá" },
  { language: "ru", says: "Hello" },
  { language: null, says: "Hello" },
])("text by language: the customer's ($language), else `language:`, else the first", ({ language, says }) => {
  const rules = withReply("\n        pt-BR: Olá do Brasil\n        pt: Olá\n        en: Hello");
  expect(shortly(decideOn(rules, said("x"), world({ customer: { language } })))).toEqual([`public: ${says}`]);
});

it.each([
  { stored: {}, says: "there" },
  { stored: { nick: null }, says: "there" },
  { stored: { nick: false }, says: "there" },
  { stored: { nick: "" }, says: "there" },
  { stored: { nick: 0 }, says: "0" },
  { stored: { nick: "Mia" }, says: "Mia" },
])("`or` gives the first operand that is not nil, false or empty text: $stored", ({ stored, says }) => {
  const rules = rulebook(`
- rule: Stores
  when: {message_is: never}
  do: [{set: {customer.nick: x}}]
- rule: R
  when: {message: any}
  do: [{reply: "{{ customer.nick or customer.email or 'there' }}"}]
`);
  expect(shortly(decideOn(rules, said("x"), world({ customer: { variables: stored } })))).toEqual([`public: ${says}`]);
});

it("text longer than the channel's limit is split at a sentence, never inside a character", () => {
  const rules = withReply(' "Tea is here. 👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧 Coffee too."');
  const pieces = decideOn(rules, said("x"), world({ channel: telegram({ maxChars: 16 }) })).calls.map(({ call }) =>
    String(call.body?.content),
  );
  expect(pieces[0]).toBe("Tea is here.");
  expect(pieces.join(" ").replace(/\s/gu, "")).toBe("Teaishere.👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧Coffeetoo.");
  expect(
    pieces.every((piece) => [...new Intl.Segmenter().segment(piece)].every(({ segment }) => segment !== "\u200D")),
  ).toBe(true);
});
