import { expect, it } from "vitest";
import { type ParsedFile, parseFile, type RawFile } from "../../src/config/parse.ts";
import { createParseCache } from "../../src/config/parse-cache.ts";

function counting() {
  const parsed: string[] = [];
  const cache = createParseCache((raw: RawFile): ParsedFile => {
    parsed.push(raw.text);
    return parseFile(raw);
  });
  const read = (text: string, environment: Record<string, string> = {}, file = "a.yaml") =>
    cache.parse({ file, kind: "rules", text, environment });
  return { parsed, cache, read };
}

it("parses a file once while nothing changes that it depends on", () => {
  const { parsed, cache, read } = counting();
  const first = read(`rules: [] # \${GREETING}`, { GREETING: "Hi", OTHER: "1" });
  cache.forgetUnused();
  expect(read(`rules: [] # \${GREETING}`, { GREETING: "Hi", OTHER: "2" })).toBe(first);
  expect(parsed).toHaveLength(1);
});

it.each([
  ["its text", "rules: [] # x", {}, "a.yaml"],
  ["a name it uses", `rules: [] # \${GREETING}`, { GREETING: "Bye" }, "a.yaml"],
  ["its own name, which its issues carry", `rules: [] # \${GREETING}`, { GREETING: "Hi" }, "b.yaml"],
])("parses it again after a change of %s", (_what, text, environment, file) => {
  const { parsed, read } = counting();
  read(`rules: [] # \${GREETING}`, { GREETING: "Hi" });
  read(text, environment, file);
  expect(parsed).toHaveLength(2);
});

it("forgets what two loads in a row did not ask for", () => {
  const { parsed, cache, read } = counting();
  read("rules: []");
  cache.forgetUnused();
  cache.forgetUnused();
  read("rules: []");
  expect(parsed).toHaveLength(2);
});
