import type { Outcome, Row } from "./carry-out.ts";

const HEAD = ["fault", "promise", "figure", "asked", "reached", "seed", ""];

/** The promises with the figure reached beside the figure asked, one row a figure, as a table for a terminal. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome) => outcome.rows.map(cells));
  const widths = HEAD.map((title, at) => Math.max(...[HEAD, ...rows].map((row) => [...(row[at] ?? title)].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => padded(cell, widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(HEAD), rule, ...rows.map(line), "", ...outcomes.map(remark), "", total(outcomes)].join("\n");
}

const cells = ({ id, promise, figure, asked, reached, seed, ok }: Row): readonly string[] => [
  ...[id, promise, figure, asked, reached, String(seed)],
  ok ? "ok" : "NOT REACHED",
];

const padded = (text: string, width: number) => text + " ".repeat(width - [...text].length);

function remark({ scenario, extent, tookMs, broke }: Outcome): string {
  const why = broke === null ? "" : `: ${broke.message.split("\n")[0]}`;
  return `${scenario.id}  ${scenario.title} (${scenario.faults.join(", ")}): ${extent}${why} [${Math.round(tookMs / 1000)} s]`;
}

function total(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome) => outcome.rows);
  const reached = rows.filter(({ ok }) => ok).length;
  return `${reached} of ${rows.length} figures reached.`;
}
