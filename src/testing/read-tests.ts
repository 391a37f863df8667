import { toIssue } from "../config/faults/issue.ts";
import { parseFile } from "../config/parse.ts";
import type { RawTest, RawTestFile } from "../generated/tests.ts";
import type { Issue } from "../types/issue.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Path, Source } from "../types/source.ts";
import { findTestFaults } from "./check-tests.ts";
import { sceneOf, type TestScene } from "./scene.ts";

/** One test, ready to be played. `path` is where it stands in its source. */
export interface RuleTest {
  readonly name: string;
  readonly raw: RawTest;
  readonly scene: TestScene;
  readonly source: Source;
  readonly path: Path;
}

/** What a file of tests holds. Without a fault there is a test for each of its entries; with one there is none. */
export interface ReadTests {
  readonly tests: readonly RuleTest[];
  readonly issues: readonly Issue[];
}

/** Reads the text of a `*.test.yaml` file, and holds the names in it against the rules it is about. `file` is as the
 *  operator would type it. Pure. */
export function readTests(
  { file, text }: { readonly file: string; readonly text: string },
  rulebook: Rulebook,
): ReadTests {
  const { source, issues } = parseFile({ file, kind: "tests", text, environment: {} });
  if (source === null || issues.length > 0) return { tests: [], issues };
  // The schema has just been met.
  const whole = source.value as unknown as RawTestFile;
  const faults = findTestFaults(whole, rulebook);
  const found = faults.map(({ path, part, fault }) => toIssue("fault", source.locate(path, part), fault));
  return { tests: found.length > 0 ? [] : testsIn(whole, source, rulebook), issues: found };
}

function testsIn(whole: RawTestFile, source: Source, rulebook: Rulebook): readonly RuleTest[] {
  return whole.tests.flatMap((raw, index) => {
    const scene = sceneOf(raw, whole, rulebook);
    return scene === null ? [] : [{ name: raw.test, raw, scene, source, path: ["tests", index] }];
  });
}
