import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { reasonSentence } from "../../src/engine/reasons.ts";

/** Codes written in the sources: `nothing("empty")`, `reason: "loop"`, `return "muted"` in what silences the bot. */
async function codesIn(files: readonly string[], pattern: RegExp): Promise<readonly string[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code ?? ""));
}

const actions = (await readdir("src/actions")).map((name) => `src/actions/${name}`);
const codes = new Set([
  ...(await codesIn([...actions, "src/engine/advance.ts"], /(?:nothing\(|reason: )"(\w+)"/gu)),
  ...(await codesIn(["src/engine/speech.ts"], /(?:return|\?) "(\w+)"/gu)),
]);
// A rule of a later version of the program: no shop can meet it, the code itself is enough.
codes.delete("unknown_action");

it("finds the reasons in the sources", () => {
  expect([...codes]).toEqual(expect.arrayContaining(["empty", "if", "loop", "muted", "nobody", "quiet", "window"]));
});

it.each([...codes])("says in words and three languages why: %s", (code) => {
  const { en, es, ru } = reasonSentence(code);
  expect(en).not.toBe(code);
  expect(new Set([en, es, ru]).size).toBe(3);
  expect(ru).toMatch(/[а-я]/u);
});

it("leaves the words of a fault as they are", () => {
  expect(reasonSentence("error: too long").es).toBe("error: too long");
  expect(reasonSentence("constructor").en).toBe("constructor");
});
