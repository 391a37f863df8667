import { formatIssue } from "../../src/config/format/format-issues.ts";
import type { Failure } from "../../src/testing/failure.ts";
import { playTest } from "../../src/testing/play.ts";
import type { RuleTest } from "../../src/testing/read-tests.ts";
import type { Shop } from "./shops.ts";

/** Plays one conversation of a shop. Null: all went as expected; else what a person would be told. */
export async function play(shop: Shop, test: RuleTest): Promise<string | null> {
  const { failure } = await playTest(test, shop.rulebook);
  return failure === null ? null : told(shop, failure);
}

function told({ texts }: Shop, { issue, happened }: Failure): string {
  const lines = happened.map((line) => `       ${line.en}`);
  return [formatIssue(issue, "en", texts[issue.place.file]), ...lines].join("\n");
}
