import { Command, Option } from "commander";
import { formatIssues, type IssueFormat } from "../config/format/format-issues.ts";
import type { Issue, Place } from "../types/issue.ts";
import type { Rulebook } from "../types/rule.ts";
import { type ConfigOption, load } from "./loading.ts";
import { type Account, askAccount } from "./online/ask-account.ts";
import { hoursWarnings, needsAccountHours } from "./online/hours.ts";
import { nameWarnings } from "./online/names.ts";
import { missingRights } from "./online/rights.ts";
import { statusWarnings } from "./online/statuses.ts";
import { NAMES_UNCHECKED, NO_CRM, soundRules } from "./sentences.ts";
import { type ExitCode, print, type Run } from "./world.ts";

interface CheckOptions extends ConfigOption {
  readonly online?: boolean;
  readonly format: IssueFormat;
}

export const checkCommand = (act: (run: Run<CheckOptions>) => (options: CheckOptions) => Promise<void>): Command =>
  new Command("check")
    .description("all faults and warnings of the files")
    .option("--online", "also check names, rights, hours and order statuses against the account")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "github"]).default("text"))
    .action(act(check));

/** Prints every fault and warning; 1 when there is a fault. Warnings alone are fine. */
const check: Run<CheckOptions> = async (world, options) => {
  const loaded = await load(world, options);
  const { settings, rulebook, language, sources } = loaded;
  const online = options.online === true && rulebook !== null && settings !== null;
  if (online && settings.crm === null) {
    print(world.errors, NO_CRM[language]);
    return 2;
  }
  const names: Issue[] = [];
  let code: ExitCode = rulebook === null ? 1 : 0;
  if (online) {
    const answer = await askAccount(world, settings, rulebook);
    if ("refusal" in answer) {
      print(world.errors, answer.refusal[language]);
      code = 3;
    } else {
      if (!answer.complete) print(world.errors, NAMES_UNCHECKED[language]);
      names.push(...accountWarnings(rulebook, answer));
    }
  }
  const issues = [...loaded.issues, ...names];
  print(world.output, formatIssues({ issues, language, sources, format: options.format }));
  if (options.format === "text" && rulebook !== null) {
    if (issues.length > 0) world.output.write("\n");
    print(world.output, soundRules(rulebook.rules.length, issues.length)[language]);
  }
  return code;
};

/** What the rules ask of the account and it does not have, by file and line. */
function accountWarnings(rulebook: Rulebook, account: Account): readonly Issue[] {
  const { credentials, hours, statuses } = account;
  const found = [
    ...nameWarnings(rulebook, account),
    ...(credentials === null ? [] : missingRights(rulebook, credentials)),
    ...(needsAccountHours(rulebook) ? hoursWarnings(rulebook, hours) : []),
    ...(statuses === null ? [] : statusWarnings(rulebook, statuses)),
  ];
  return found.toSorted((left, right) => order(left.place, right.place));
}

const order = (left: Place, right: Place) =>
  left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column;
