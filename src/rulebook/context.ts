import type { Offer } from "../language/paths.ts";
import type { Occasion } from "../types/event.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import type { Flows, WrittenFlow } from "./flows.ts";
import type { Readable } from "./readable.ts";
import type { Report, Spot } from "./report.ts";

/** What the files declare by name, for rules to use. */
export interface Book extends Pick<Rulebook, "teams" | "commands" | "hours" | "variables"> {
  readonly flows: Flows;
}

/** What all rules of a rulebook are compiled with. */
export interface Shared {
  readonly book: Book;
  readonly report: Report;
  /** Full names that some rule or flow stores (`dialog.topic`), or that are declared. */
  readonly stored: ReadonlySet<string>;
  /** What every place may read besides what its event offers: `hours`. */
  readonly everywhere: Readonly<Record<string, Offer>>;
}

/** What the parts of one rule are compiled with. */
export interface RuleContext {
  readonly source: Source;
  readonly readable: Readable;
  /** Names that this rule fills itself: they are rarely empty when it reads them. */
  readonly ownStored: ReadonlySet<string>;
  readonly book: Book;
  readonly report: Report;
  /** The words by which the staff starts this rule (`command`, `from: manager`); null: the staff does not. */
  readonly byStaff: string | null;
  /** The flows this place is inside, outermost first. */
  readonly inFlows: readonly WrittenFlow[];
  /** How many more actions of flows the rule may have: flows that run flows multiply. Counted down. */
  readonly budget: { left: number };
}

/** Actions that flows may bring into one rule. */
const MOST_ACTIONS = 5000;

/** The context of something that stands in no rule: it is read as if in a rule for this occasion. */
export function looseContext(
  { source }: Spot,
  on: Occasion,
  { book, report, stored, everywhere }: Shared,
): RuleContext {
  return {
    source,
    readable: { on, stored, variables: book.variables, groups: null, more: everywhere },
    ownStored: new Set(),
    book,
    report,
    byStaff: null,
    inFlows: [],
    budget: { left: MOST_ACTIONS },
  };
}
