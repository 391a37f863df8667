import type { Rulebook } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import type { Readable } from "./readable.ts";
import type { Report } from "./report.ts";

/** What the parts of one rule are compiled with. */
export interface RuleContext {
  readonly source: Source;
  readonly readable: Readable;
  /** Names that this rule stores itself: they are rarely empty when it reads them. */
  readonly ownStored: ReadonlySet<string>;
  readonly book: Pick<Rulebook, "teams" | "commands">;
  readonly report: Report;
}
