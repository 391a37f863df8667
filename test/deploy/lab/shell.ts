import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readPage } from "./page.ts";

const run = promisify(execFile);

export interface ShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Left out: this folder. */
  readonly folder?: string;
}

/** Runs a line of shell and gives what it printed. Rejects, with both outputs, when any part of it fails. */
export async function shell(line: string, { env = {}, folder }: ShellOptions = {}): Promise<string> {
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", line], {
    env: { ...process.env, ...env },
    ...(folder !== undefined && { cwd: folder }),
  });
  return stdout;
}

/** The one command of docs/deploy.md that begins like this, so that a trial runs the very line that people read. */
export async function printed(beginning: string): Promise<string> {
  const { commands } = await readPage("docs/deploy.md");
  const found = commands.filter((line) => line.startsWith(beginning));
  if (found.length !== 1) throw new Error(`${found.length} commands begin with "${beginning}"`);
  return found[0] ?? "";
}
