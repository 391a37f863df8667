import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstWords, hasWords, isWords, tokenize } from "../../src/language/text/words.ts";
import { hostileTexts } from "./hostile.ts";

describe("tokenize", () => {
  it.each([
    { text: "Delivery to MADRID", words: ["delivery", "to", "madrid"] },
    { text: "envío, ENVIO; Envi\u0301o", words: ["envio", "envio", "envio"] },
    { text: "привёз ПРИВЕЗ", words: ["привез", "привез"] },
    { text: "Й и, йод и\u0306од", words: ["й", "и", "йод", "йод"] },
    { text: "їжа ўсё", words: ["їжа", "ўсе"] },
    { text: "за\u0301мок", words: ["замок"] },
    { text: "l'envoi l’envoi lʼenvoi l`envoi", words: ["lenvoi", "lenvoi", "lenvoi", "lenvoi"] },
    { text: "e-mail/phone?yes...", words: ["e", "mail", "phone", "yes"] },
    { text: "size 42, 08", words: ["size", "42", "08"] },
    { text: "ok👍thanks", words: ["ok", "👍", "thanks"] },
    { text: "👍🏽 ❤️", words: ["👍", "❤"] },
    { text: "👨‍👩‍👧🇪🇸😀😀", words: ["👨‍👩‍👧", "🇪🇸", "😀", "😀"] },
    { text: "2️⃣", words: ["2"] },
    { text: "№5", words: ["5"] },
    { text: "ｈｅｌｌｏ 𝐇𝐞𝐥𝐥𝐨", words: ["hello", "hello"] },
    { text: "de\u00ADli\u200Bvery", words: ["delivery"] },
    { text: "z\u0301\u0302\u0303\u0304\u0305\u0306algo", words: ["zalgo"] },
    { text: "Łódź straße", words: ["lodz", "strasse"] },
    { text: "مرحبا हिन्दी 日本", words: ["مرحبا", "हिन्दी", "日本"] },
    { text: "?!... --- «»", words: [] },
  ])("cuts $text into $words", ({ text, words }) => {
    expect(tokenize(text)).toEqual(words);
  });

  it("looks at the first 8192 characters only", () => {
    expect(tokenize(`${" ".repeat(8185)}one two three`)).toEqual(["one", "two"]);
  });

  it.each(hostileTexts)("survives $what", ({ text }) => {
    expect(hasWords(text, ["never said"])).toBe(false);
  });

  it("never throws, and gives words without spaces, on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokenize(text).filter((word) => word === "" || /\s/u.test(word))).toEqual([]);
      }),
    );
  });
});

describe("hasWords", () => {
  it.each([
    { text: "What about delivery?", phrases: ["delivery"], found: true },
    { text: "deliverys", phrases: ["delivery"], found: false },
    { text: "redelivery", phrases: ["delivery"], found: false },
    { text: "Where is MY  order, please", phrases: ["my order"], found: true },
    { text: "my other order", phrases: ["my order"], found: false },
    { text: "order my", phrases: ["my order"], found: false },
    { text: "my, order", phrases: ["my order"], found: true },
    { text: "my my order", phrases: ["my order"], found: true },
    { text: "доставка и доставкой", phrases: ["доставк*"], found: true },
    { text: "доставк", phrases: ["доставк*"], found: true },
    { text: "доставить", phrases: ["доставк*"], found: false },
    { text: "Los envíos", phrases: ["envío*"], found: true },
    { text: "where orders went", phrases: ["where order*"], found: true },
    { text: "wherever orders", phrases: ["where order*"], found: false },
    { text: "talking people", phrases: ["talk* peop*"], found: true },
    { text: "a*b", phrases: ["a*b"], found: true },
    { text: "abc b", phrases: ["a*b"], found: false },
    { text: "б", phrases: ["*"], found: false },
    { text: "anything", phrases: ["?!"], found: false },
    { text: "anything", phrases: [], found: false },
    { text: "second", phrases: ["first", "second"], found: true },
    { text: "👍🏿", phrases: ["👍"], found: true },
    { text: "все", phrases: ["всё"], found: true },
    { text: "мои", phrases: ["мой"], found: false },
    { text: "dont", phrases: ["don't"], found: true },
  ])("finds $phrases in $text: $found", ({ text, phrases, found }) => {
    expect(hasWords(text, phrases)).toBe(found);
  });

  const word = fc.stringMatching(/^[a-zа-яéñ0-9]{1,8}$/u);
  const phrase = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
  const gap = fc.constantFrom(" ", ", ", "... ", " -- ", "!\n");

  it("finds a phrase between any other words", () => {
    fc.assert(
      fc.property(phrase, fc.array(word), fc.array(word), gap, (said, before, after, between) => {
        expect(hasWords([...before, said, ...after].join(between), [said])).toBe(true);
      }),
    );
  });

  it("does not mind case, composition and punctuation", () => {
    fc.assert(
      fc.property(phrase, gap, (said, between) => {
        const shouted = said.toUpperCase().normalize("NFD").replaceAll(" ", between);
        expect(isWords(`¡${shouted}!`, [said])).toBe(true);
      }),
    );
  });

  it("finds every word by each of its beginnings with a star", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,8}$/u), fc.nat(), (said, cut) => {
        expect(hasWords(`so ${said} it is`, [`${said.slice(0, 1 + (cut % said.length))}*`])).toBe(true);
      }),
    );
  });

  it("never throws on any text and any phrase", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, said) => {
        expect(hasWords(text, [said]) || !isWords(text, [said])).toBe(true);
      }),
    );
  });
});

describe("isWords", () => {
  it.each([
    { text: "Yes!", phrases: ["yes"], is: true },
    { text: " YES ", phrases: ["no", "yes"], is: true },
    { text: "yes please", phrases: ["yes"], is: false },
    { text: "yes", phrases: ["yes please"], is: false },
    { text: "deliveries", phrases: ["deliver*"], is: true },
    { text: "", phrases: ["..."], is: false },
  ])("$text is one of $phrases: $is", ({ text, phrases, is }) => {
    expect(isWords(text, phrases)).toBe(is);
  });
});

describe("firstWords", () => {
  it.each([
    { phrase: "My order", first: "my" },
    { phrase: "Envío*", first: "envio*" },
    { phrase: "where* is", first: "where*" },
    { phrase: "where is*", first: "where" },
    { phrase: "¿?", first: null },
    { phrase: "*", first: null },
    { phrase: "", first: null },
  ])("of $phrase is $first", ({ phrase, first }) => {
    expect(firstWords(phrase)).toBe(first);
  });
});
