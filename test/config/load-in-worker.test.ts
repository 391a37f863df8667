import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLoader, type LoaderOptions, loadInWorker } from "../../src/config/load-in-worker.ts";
import { folderWith, rootWith, ruleWith, write } from "./folder.ts";

function loader(options: LoaderOptions = {}) {
  const created = createLoader({ timeLimitMs: 15_000, ...options });
  onTestFinished(() => created.close());
  return (folder: string, env: Record<string, string> = {}) =>
    created.load({ file: join(folder, "bot.config.yaml"), env });
}

describe("a load in the reading thread", () => {
  it("gives what a load in this thread gives", async () => {
    const folder = folderWith({ "bot.config.yaml": rootWith("tag: hello") });
    const { rulebook, settings, issues } = await loadInWorker({ file: join(folder, "bot.config.yaml"), env: {} });
    expect(issues).toEqual([]);
    expect(settings?.file).toBe(join(folder, "bot.config.yaml"));
    expect(rulebook?.rules.map(({ name }) => name)).toEqual(["Hello"]);
  });

  it("sees only the environment it is given", async () => {
    const folder = folderWith({ "bot.config.yaml": rootWith(`note: "\${GREETING:-none} \${PATH:-none}"`) });
    const { rulebook } = await loader()(folder, { GREETING: "Hello" });
    expect(JSON.stringify(rulebook?.rules[0]?.do)).toContain("Hello none");
  });

  it("follows changes of files and names from one load to the next", async () => {
    const load = loader();
    const folder = folderWith({
      "bot.config.yaml": `include: rules/*.yaml\n${rootWith(`note: "\${GREETING}"`)}`,
      "rules/a.yaml": `rules:\n${ruleWith("tag: a", "Other")}`,
    });
    const said = async (greeting: string) => {
      const { rulebook, issues } = await load(folder, { GREETING: greeting });
      return {
        rules: JSON.stringify(rulebook?.rules.map((rule) => [rule.name, rule.do])),
        codes: issues.map(({ code }) => code),
      };
    };
    expect((await said("Hi")).rules).toContain("Hi");
    expect((await said("Bye")).rules).toContain("Bye");
    write(folder, { "rules/a.yaml": `rules:\n${ruleWith("tag: b", "Changed")}` });
    expect((await said("Bye")).rules).toContain("Changed");
    write(folder, { "rules/a.yaml": `rules:\n${ruleWith("tagg: b", "Changed")}` });
    expect((await said("Bye")).codes).toEqual(["unknown-key"]);
  });

  it("answers loads in their order, also when many are asked at once", async () => {
    const load = loader();
    const folders = ["a", "b", "c"].map((tag) => folderWith({ "bot.config.yaml": `${rootWith("tag: x")}# ${tag}\n` }));
    const files = (await Promise.all(folders.map((folder) => load(folder)))).map(({ settings }) => settings?.file);
    expect(files).toEqual(folders.map((folder) => join(folder, "bot.config.yaml")));
  });
});

describe("a load that does not end", () => {
  it("is given up, in words, and the next one works", async () => {
    const folder = folderWith({ "bot.config.yaml": rootWith("tag: a") });
    const hasty = createLoader({ timeLimitMs: 0 });
    onTestFinished(() => hasty.close());
    const { issues, rulebook, settings } = await hasty.load({ file: join(folder, "bot.config.yaml"), env: {} });
    expect(issues.map(({ cause }) => cause.en)).toEqual(["These files were not read within 0 ms."]);
    expect({ rulebook, settings }).toEqual({ rulebook: null, settings: null });
    expect((await loader()(folder)).rulebook).not.toBeNull();
  });

  it("is given up when it eats too much memory", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, file) => [
        `rules/${file}.yaml`,
        `rules:\n${Array.from({ length: 6000 }, (_, rule) => ruleWith("tag: a", `Rule ${file} ${rule}`)).join("")}`,
      ]),
    );
    const folder = folderWith({ "bot.config.yaml": `include: rules/*.yaml\n${rootWith("tag: a")}`, ...files });
    const load = loader({ memoryMb: 40 });
    expect((await load(folder)).issues.map(({ code }) => code)).toEqual(["too-much-memory"]);
    const small = folderWith({ "bot.config.yaml": rootWith("tag: a") });
    expect((await load(small)).rulebook).not.toBeNull();
  });
});
