import type { Issue } from "../../src/types/issue.ts";

/** An issue in one line: `fault bot.config.yaml:3:7 Cause. | fix`, in English. */
export type Said = string;

export function formatPlace({ severity, place, cause, fix }: Issue): Said {
  return `${severity} ${place.file}:${place.line}:${place.column} ${cause.en}${fix === null ? "" : ` | ${fix.en}`}`;
}
