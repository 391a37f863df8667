import fc from "fast-check";
import { expect, it } from "vitest";
import { chosenTitle, numberedList } from "../../src/language/text/buttons.ts";

const titles = ["Delivery", "My order", "Talk to a person"];

it("lists the titles with numbers below the text", () => {
  expect(numberedList("How can we help?", titles)).toBe(
    "How can we help?\n1. Delivery\n2. My order\n3. Talk to a person",
  );
});

it.each([
  { text: "", listed: ["A"], whole: "1. A" },
  { text: "Hi", listed: [], whole: "Hi" },
])("leaves no empty lines for $text and $listed", ({ text, listed, whole }) => {
  expect(numberedList(text, listed)).toBe(whole);
});

it.each([
  { text: "2", title: "My order" },
  { text: " 2 ", title: "My order" },
  { text: "2.", title: "My order" },
  { text: "2)", title: "My order" },
  { text: "(2)", title: "My order" },
  { text: "2️⃣", title: "My order" },
  { text: "２", title: "My order" },
  { text: "#1", title: "Delivery" },
  { text: "№3", title: "Talk to a person" },
  { text: "0", title: null },
  { text: "4", title: null },
  { text: "-1", title: null },
  { text: "2 pieces", title: null },
  { text: "2.5", title: null },
  { text: "Delivery", title: null },
  { text: "", title: null },
  { text: "1".repeat(5000), title: null },
])("$text chooses $title", ({ text, title }) => {
  expect(chosenTitle(text, titles)).toBe(title);
});

it("understands the emoji for ten", () => {
  const ten = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "Last"];
  expect(chosenTitle("🔟", ten)).toBe("Last");
  expect(chosenTitle("1️⃣0️⃣", ten)).toBe("Last");
});

it("chooses what the number in the list says", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 30 }), fc.nat(), (listed, any) => {
      const at = any % listed.length;
      expect(chosenTitle(`${at + 1}`, listed)).toBe(listed[at]);
    }),
  );
});
