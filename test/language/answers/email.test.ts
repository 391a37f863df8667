import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asked, meaning } from "./asked.ts";

describe("an e-mail address", () => {
  it.each([
    { text: "marta@example.com", value: "marta@example.com" },
    { text: "Marta.Lind@Example.COM", value: "Marta.Lind@example.com" },
    { text: "my mail is marta+shop@mail.example.com, thanks!", value: "marta+shop@mail.example.com" },
    { text: "Marta Lind <marta@example.com>", value: "marta@example.com" },
    { text: "mailto:marta@example.com", value: "marta@example.com" },
    { text: "почта: marta@yandex.ru.", value: "marta@yandex.ru" },
    { text: "“marta@example.com”", value: "marta@example.com" },
    { text: "*marta@example.com*", value: "marta@example.com" },
    { text: "marta @ example.com", value: "marta@example.com" },
    { text: "marta@ example.com", value: "marta@example.com" },
    { text: "marta＠example.com", value: "marta@example.com" },
    { text: "marta\u200B@example.com", value: "marta@example.com" },
    { text: "a@b.co or c@d.co", value: "a@b.co" },
    { text: "not @marta but marta@example.com", value: "marta@example.com" },
    { text: "o'neil@example.com", value: "o'neil@example.com" },
    { text: "shop@ПОЧТА.РФ", value: "shop@почта.рф" },
    { text: "shop@xn--80a1acny.xn--p1ai", value: "shop@xn--80a1acny.xn--p1ai" },
  ])("in $text is $value", ({ text, value }) => {
    expect(asked("email", text)).toEqual({ ok: true, value, shown: value });
  });

  it.each([
    "",
    "no",
    "marta",
    "@marta",
    "follow @shop.example",
    "marta@example",
    "marta@example.c",
    "marta@example.123",
    "marta@@example.com",
    "a@b@c.com",
    ".marta@example.com@",
    "mar..ta@example.com",
    "marta@exam_ple.com",
    "marta@-example.com",
    "marta@example..com",
    "мартa@mail.ru",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(64)}.com`,
    `a@${"b.".repeat(130)}com`,
  ])("is not in %j", (text) => {
    expect(asked("email", text)).toEqual({ ok: false });
  });

  it("is found among any other words", () => {
    const local = fc.stringMatching(/^[a-z0-9]{1,10}([.+_-][a-z0-9]{1,10})?$/u);
    const domain = fc.stringMatching(/^[a-z0-9]{1,10}(-[a-z0-9]{1,5})?\.[a-z]{2,6}$/u);
    const words = fc.array(fc.stringMatching(/^[a-zа-я]{1,8}$/u), { maxLength: 5 });
    fc.assert(
      fc.property(local, domain, words, words, (name, host, before, after) => {
        const text = [...before, `${name}@${host.toUpperCase()}`, ...after].join(" ");
        expect(meaning(asked("email", text))).toBe(`${name}@${host}`);
      }),
    );
  });
});
