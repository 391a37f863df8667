import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asked, meaning } from "./asked.ts";

describe("an order number", () => {
  it.each([
    { text: "4117A", value: "4117A" },
    { text: "4117a", value: "4117a" },
    { text: "number 4117A please", value: "4117A" },
    { text: "#4117A", value: "4117A" },
    { text: "№ 4117A", value: "4117A" },
    { text: "Заказ №4117А, спасибо", value: "4117А" },
    { text: "Pedido Nº 4117", value: "4117" },
    { text: "order number: (4117A)!", value: "4117A" },
    { text: "It's 4117A.", value: "4117A" },
    { text: "4117 A", value: "4117A" },
    { text: "SHOP-1024", value: "SHOP-1024" },
    { text: "2026/117", value: "2026/117" },
    { text: "12", value: "12" },
    { text: "it is 3, please", value: "3" },
    { text: "order 3", value: "3" },
    { text: "#3 from yesterday", value: "3" },
    { text: "order 4117A from 12 March 2026", value: "4117A" },
    { text: "4117A, I repeat, 4117A", value: "4117A" },
    { text: "\u200E4117A\u200E", value: "4117A" },
    { text: "４１１７", value: "4117" },
  ])("in $text is $value", ({ text, value }) => {
    expect(asked("order_number", text)).toEqual({ ok: true, value, shown: value });
  });

  it.each([
    "",
    "I do not know",
    "№",
    "4117A or 4118A",
    "I ordered 3 days ago",
    "my 2 orders",
    "marta1@example.com",
    "1".repeat(41),
  ])("is not in %j", (text) => {
    expect(asked("order_number", text)).toEqual({ ok: false });
  });

  it("is read back with anything polite around it", () => {
    const number = fc.stringMatching(/^[A-Z]{0,4}-?[0-9]{3,8}[A-Z]?$/u).filter((text) => !text.startsWith("-"));
    const around = fc.constantFrom(["", ""], ["order ", " please"], ["№", "."], ["мой заказ ", "!"], ["(", ")"]);
    fc.assert(
      fc.property(number, around, (written, [before = "", after = ""]) => {
        expect(meaning(asked("order_number", `${before}${written}${after}`))).toBe(written);
      }),
    );
  });
});
