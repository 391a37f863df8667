import { lintButtons } from "./lints/buttons.ts";
import { lintChannels } from "./lints/channels.ts";
import { lintLanguages } from "./lints/languages.ts";
import type { Lint, LintInput } from "./lints/lint.ts";
import { lintNeverHolds } from "./lints/never-holds.ts";
import { lintOrder } from "./lints/order.ts";
import { lintSelfStart } from "./lints/self-start.ts";
import {
  lintUnusedCommands,
  lintUnusedFlows,
  lintUnusedHours,
  lintUnusedTeams,
  lintUnusedTexts,
} from "./lints/unused.ts";
import { lintComparisons, lintUnusedVariables } from "./lints/variables.ts";
import type { Report } from "./report.ts";

/** Every lint there is. A new one is one file and one line here. */
const LINTS: readonly Lint[] = [
  lintOrder,
  lintSelfStart,
  lintButtons,
  lintChannels,
  lintNeverHolds,
  lintLanguages,
  lintUnusedTeams,
  lintUnusedCommands,
  lintUnusedFlows,
  lintUnusedHours,
  lintUnusedTexts,
  lintUnusedVariables,
  lintComparisons,
];

/** Warnings about rules that are right by themselves. Texts that YAML misreads are found by the loader. */
export function lint(input: LintInput, report: Report): void {
  for (const one of LINTS) one(input, report);
}
