import { describe, expect, it } from "vitest";
import { compile, ruleWith } from "../source.ts";

/** What is said about these actions of one rule, without the file's name. */
function said(actions: string, more = ""): readonly string[] {
  const { said } = compile(`${ruleWith("{message_is: menu}", actions)}${more}`);
  return said.map((line) => line.replace("bot.config.yaml:", ""));
}

const missing = (column: number, languages: string) =>
  `warning 4:${column} This text is not there in "${languages}". | add a line for each language`;

describe("texts by language", () => {
  it.each([
    { actions: "[{reply: x}]", says: [] },
    { actions: "[{reply: {en: x, es: x}}, {reply: {es: y, en: y}}]", says: [] },
    { actions: "[{reply: {es: x}}]", says: [missing(11, "en")] }, // the configured language
    { actions: "[{reply: {en: x, es: x}}, {reply: {en: y}}]", says: [missing(36, "es")] },
    { actions: "[{reply: {en: x, es: x, ru: x}}, {edit: {en: y}}]", says: [missing(43, "es, ru")] },
    { actions: "[{ask: {en: x, es: x}, retry: {say: {en: y}}}]", says: [missing(40, "es")] },
    { actions: "[{send_image: 'https://a.example/b', caption: {es: x}}]", says: [missing(46, "en")] },
    { actions: "[{reply: {en: x, es: x}}, {choose: [{do: [{reply: {en: y}}]}]}]", says: [missing(52, "es")] },
    { actions: "[{reply: {en: x, pt: x}}, {reply: {en: y, pt-BR: y}}]", says: [missing(36, "pt")] },
    { actions: "[{reply: {en: x, pt-BR: x}}, {reply: {en: y, pt: y}}]", says: [missing(11, "pt")] },
  ])("that lack one are warned of: $actions", ({ actions, says }) => {
    expect(said(actions)).toEqual(says);
  });

  it("for the staff need the configured language only", () => {
    const actions = "[{reply: {en: x, es: x}}, {note: {en: y}}, {reply: {en: y}, to: managers}, {note: {es: z}}]";
    expect(said(actions)).toEqual([missing(85, "en")]);
  });

  it("of flows and own texts belong to the same shop", () => {
    expect(said("[{reply: {en: x, es: x}}, {run: F}]", "flows: [{flow: F, do: [{reply: {en: y}}]}]")).toEqual([
      missing(25, "es").replace("4:", "5:"),
    ]);
    expect(said("[{reply: {en: x, es: x}}]", "texts: {cancelled: {en: y}}")).toEqual([
      missing(9, "es").replace("4:", "5:"),
    ]);
  });

  it("where only one of several has a language, that one is shown and not all the others", () => {
    const actions = "[{reply: {en: x, es: x}}, {reply: {en: y, es: y}}, {reply: {en: z, es: z, sp: z}}]";
    expect(said(actions)).toEqual([
      'warning 4:83 No other text is there in "sp". | check the code of the language, or translate the others too',
    ]);
  });
});
