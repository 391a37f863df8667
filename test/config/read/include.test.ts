import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findIncluded } from "../../../src/config/read/include.ts";
import { folderWith } from "../folder.ts";

const find = (folder: string, ...patterns: string[]) => findIncluded(folder, join(folder, "bot.config.yaml"), patterns);

describe("include", () => {
  it.each([
    { patterns: ["rules/*.yaml"], files: ["rules/10.yaml", "rules/20.yml.yaml", "rules/9.yaml"] },
    { patterns: ["rules/*"], files: ["rules/10.yaml", "rules/20.yml.yaml", "rules/30.yml", "rules/9.yaml"] },
    { patterns: ["./rules/10.yaml"], files: ["rules/10.yaml"] },
    {
      patterns: ["rules/**/*.yaml"],
      files: ["rules/10.yaml", "rules/20.yml.yaml", "rules/9.yaml", "rules/deep/a.yaml"],
    },
    { patterns: ["rules/9.yaml", "rules/*.yaml"], files: ["rules/10.yaml", "rules/20.yml.yaml", "rules/9.yaml"] },
    { patterns: ["*.yaml"], files: ["other.yaml"] },
  ])("$patterns gives $files", async ({ patterns, files }) => {
    const folder = folderWith({
      "bot.config.yaml": "",
      "other.yaml": "",
      "rules/9.yaml": "",
      "rules/10.yaml": "",
      "rules/10.test.yaml": "",
      "rules/20.yml.yaml": "",
      "rules/30.yml": "",
      "rules/deep/a.yaml": "",
      "rules/.hidden.yaml": "",
      "rules/README.md": "",
    });
    mkdirSync(join(folder, "rules/folder.yaml"));
    expect((await find(folder, ...patterns)).files).toEqual(files);
  });

  it("names the patterns that fit nothing", async () => {
    const folder = folderWith({ "bot.config.yaml": "", "rules/a.yaml": "", "rules/a.test.yaml": "" });
    expect((await find(folder, "none/*.yaml", "rules/*.yaml", "rules/*.test.yaml")).empty).toEqual([0, 2]);
  });

  it("may name a folder elsewhere by hand", async () => {
    const shared = folderWith({ "a.yaml": "" });
    const folder = folderWith({ "bot.config.yaml": "" });
    const { files, outside } = await find(folder, `${shared}/*.yaml`);
    expect(files.map((file) => join(folder, file))).toEqual([join(shared, "a.yaml")]);
    expect(outside).toEqual([]);
  });

  it("follows the links by which Kubernetes mounts files, each file once", async () => {
    const folder = folderWith({ "rules/..2026_01/a.yaml": "", "rules/..2026_01/b.yaml": "" });
    symlinkSync("..2026_01", join(folder, "rules/..data"));
    symlinkSync("..data/a.yaml", join(folder, "rules/a.yaml"));
    symlinkSync("..data/b.yaml", join(folder, "rules/b.yaml"));
    expect((await find(folder, "rules/**/*.yaml")).files).toEqual(["rules/a.yaml", "rules/b.yaml"]);
  });

  it("does not follow a link out of the folder", async () => {
    const elsewhere = folderWith({ "secret.yaml": "" });
    const folder = folderWith({ "rules/a.yaml": "" });
    symlinkSync(join(elsewhere, "secret.yaml"), join(folder, "rules/b.yaml"));
    expect(await find(folder, "rules/*.yaml")).toMatchObject({ files: ["rules/a.yaml"], outside: ["rules/b.yaml"] });
  });

  it("does not mind a dead link", async () => {
    const folder = folderWith({ "rules/a.yaml": "" });
    symlinkSync("nowhere.yaml", join(folder, "rules/b.yaml"));
    expect((await find(folder, "rules/*.yaml")).files).toEqual(["rules/a.yaml"]);
  });
});
