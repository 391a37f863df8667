import { describe, expect, it } from "vitest";
import { cancelWords, leaveWord } from "../../../src/language/answers/index.ts";

describe("leaving a question", () => {
  it.each([
    { text: "Cancel!", leaves: "cancel" },
    { text: "cancel, please", leaves: "cancel" },
    { text: "please stop", leaves: "cancel" },
    { text: "cancelar por favor", leaves: "cancel" },
    { text: "olvidalo", leaves: "cancel" },
    { text: "ОТМЕНА", leaves: "cancel" },
    { text: "выход, пожалуйста", leaves: "cancel" },
    { text: "menu", leaves: "menu" },
    { text: "Menú principal", leaves: "menu" },
    { text: "В меню", leaves: "menu" },
    { text: "Talk to a person", leaves: "person" },
    { text: "hablar con una persona, gracias", leaves: "person" },
    { text: "позовите оператора", leaves: "person" },
    { text: "stop the order", leaves: null },
    { text: "I want to cancel my order 4117A", leaves: null },
    { text: "no", leaves: null },
    { text: "please", leaves: null },
    { text: "", leaves: null },
    { text: "…", leaves: null },
  ])("$text: $leaves", ({ text, leaves }) => {
    expect(leaveWord(text, [])).toBe(leaves);
  });

  it.each([
    { text: "Volver", leaves: "cancel" },
    { text: "back again", leaves: "cancel" },
    { text: "menu", leaves: "cancel" }, // the shop's own word comes first
    { text: "cancel", leaves: "cancel" },
    { text: "go", leaves: null },
  ])("with own words, $text: $leaves", ({ text, leaves }) => {
    expect(leaveWord(text, ["volver", "back*", "back again", "menu"])).toBe(leaves);
  });

  it("has every built-in word in one kind only", () => {
    const kinds = ["cancel", "menu", "person"] as const;
    for (const kind of kinds) {
      for (const word of Object.values(cancelWords[kind]).flat())
        expect([word, leaveWord(word, [])]).toEqual([word, kind]);
    }
  });
});
