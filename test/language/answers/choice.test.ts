import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asked, meaning } from "./asked.ts";

const cities = ["Madrid", "Málaga", "Another city"];
const yesNo = ["Yes", "No", "Sí"];

describe("a choice", () => {
  it.each([
    { text: "Madrid", choices: cities, value: "Madrid" },
    { text: " madrid! ", choices: cities, value: "Madrid" },
    { text: "malaga", choices: cities, value: "Málaga" },
    { text: "ANOTHER  CITY", choices: cities, value: "Another city" },
    { text: "I want Madrid, please", choices: cities, value: "Madrid" },
    { text: "Мадрид, пожалуйста", choices: ["Мадрид"], value: "Мадрид" },
    { text: "I want Madrid", choices: ["Madrid Sur", "Madrid"], value: "Madrid" },
    { text: "yes please", choices: yesNo, value: "Yes" },
    { text: "No, thanks", choices: yesNo, value: "No" },
    { text: "si por favor", choices: yesNo, value: "Sí" },
    { text: "еще", choices: ["Ещё", "Хватит"], value: "Ещё" },
    { text: "delivery", choices: ["🚚 Delivery", "🏬 Pick-up"], value: "🚚 Delivery" },
    { text: "pick up", choices: ["🚚 Delivery", "🏬 Pick-up"], value: "🏬 Pick-up" },
    { text: "👍", choices: ["👍", "👎"], value: "👍" },
    { text: "?", choices: ["?", "!"], value: "?" },
    { text: "Red", choices: ["red", "Red"], value: "Red" },
  ])("$text of $choices is $value, as written", ({ text, choices, value }) => {
    expect(asked("choice", text, { choices })).toEqual({ ok: true, value, shown: value });
  });

  it.each([
    { text: "2", choices: cities, value: "Málaga" },
    { text: "2.", choices: cities, value: "Málaga" },
    { text: "#2", choices: cities, value: "Málaga" },
    { text: "2️⃣", choices: cities, value: "Málaga" },
    { text: "🔟", choices: [..."abcdefghij"], value: "j" },
    { text: "option 2", choices: cities, value: "Málaga" },
    { text: "la opción 2, por favor", choices: cities, value: "Málaga" },
    { text: "вариант 2", choices: cities, value: "Málaga" },
    { text: "two", choices: cities, value: "Málaga" },
    { text: "0", choices: cities, value: null },
    { text: "4", choices: cities, value: null },
    { text: "1 2", choices: cities, value: null },
    { text: "2", choices: ["5", "10", "2"], value: "2" },
    { text: "1", choices: ["1 day", "5 days", "2 days"], value: "1 day" },
    { text: "2", choices: ["1 day", "5 days", "2 days"], value: null }, // the second, or two days?
    { text: "5", choices: ["1 day", "5 days", "2 days"], value: null },
  ])("by number: $text of $choices is $value", ({ text, choices, value }) => {
    expect(meaning(asked("choice", text, { choices }))).toBe(value);
  });

  it.each([
    { text: "mad", choices: cities, value: "Madrid" },
    { text: "another", choices: cities, value: "Another city" },
    { text: "ma", choices: cities, value: null },
    { text: "an", choices: cities, value: null },
    { text: "de", choices: ["Delivery", "Pick-up"], value: null },
    { text: "del", choices: ["Delivery today", "Delivery tomorrow"], value: null },
    { text: "delivery tod", choices: ["Delivery today", "Delivery tomorrow"], value: "Delivery today" },
    { text: "city", choices: cities, value: null },
  ])("by beginning: $text of $choices is $value", ({ text, choices, value }) => {
    expect(meaning(asked("choice", text, { choices }))).toBe(value);
  });

  it.each(["", "   ", "not Madrid", "Madrid or Málaga", "Madrid is nice", "Paris", "!!!"])("is not in %j", (text) => {
    expect(asked("choice", text, { choices: cities })).toEqual({ ok: false });
  });

  it.each([{ choices: [] }, {}])("is never made of nothing to choose: %j", (more) => {
    expect(asked("choice", "1", more)).toEqual({ ok: false });
  });

  it("is found by its title and by its number, whatever the titles are", () => {
    const title = fc.stringMatching(/^[A-Za-zА-Яа-яñé]{2,12}( [a-zа-я]{2,8})?$/u);
    const titles = fc.uniqueArray(title, { minLength: 1, maxLength: 9, selector: (one) => one.toLowerCase() });
    fc.assert(
      fc.property(titles, fc.nat(), (choices, seed) => {
        const at = seed % choices.length;
        expect(meaning(asked("choice", choices[at] ?? "", { choices }))).toBe(choices[at]);
        expect(meaning(asked("choice", ` ${at + 1}) `, { choices }))).toBe(choices[at]);
      }),
    );
  });
});
