import { formatIssues, type IssueFormat } from "../config/format/format-issues.ts";
import type { Issue, Sentence } from "../types/issue.ts";
import type { Books } from "../types/rule.ts";
import { type ConfigOption, load } from "./loading.ts";
import { ownRules } from "./own-rules.ts";
import { checkedSet, NAMES_UNCHECKED, NO_CRM, soundRules, soundSet } from "./sentences.ts";
import { type ExitCode, print, type Run } from "./world.ts";

export interface CheckOptions extends ConfigOption {
  readonly online?: boolean;
  readonly format: IssueFormat;
}

/** Prints every fault and warning; 1 when there is a fault. Warnings alone are fine. */
export const check: Run<CheckOptions> = async (world, options) => {
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
    const { askAccount } = await import("./online/ask-account.ts");
    const { accountWarnings } = await import("./online/account-warnings.ts");
    const own = ownRules(settings, { ...loaded, rulebook });
    const answer = await askAccount(world, settings, own.rulebook);
    if ("refusal" in answer) {
      print(world.errors, answer.refusal[language]);
      code = 3;
    } else {
      if (!answer.complete) print(world.errors, NAMES_UNCHECKED[language]);
      if (own.name !== null) print(world.errors, checkedSet(own.name)[language]);
      names.push(...accountWarnings(own.rulebook, answer));
    }
  }
  const issues = [...loaded.issues, ...names];
  print(world.output, formatIssues({ issues, language, sources, format: options.format }));
  if (options.format === "text" && rulebook !== null) {
    if (issues.length > 0) world.output.write("\n");
    const sound = [soundRules(rulebook.rules.length, issues.length), ...soundSets({ ...loaded, rulebook })];
    for (const sentence of sound) print(world.output, sentence[language]);
  }
  return code;
};

const soundSets = ({ rulebook, ruleSets }: Books): readonly Sentence[] =>
  Object.entries(ruleSets).map(
    ([
      name,
      {
        rulebook: { rules },
      },
    ]) => soundSet(name, rules === rulebook.rules ? null : rules.length),
  );
