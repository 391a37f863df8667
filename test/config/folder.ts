import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these files (path -> text), gone when the test is over. Gives its absolute path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "rulebot-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** One rule with this action, as it stands in a file; it waits for its own name. */
export function ruleWith(action: string, name = "Hello"): string {
  return `  - rule: ${name}\n    when: {message_is: ${name}}\n    do:\n      - ${action}\n`;
}

/** A whole root file with one rule of one action. */
export function rootWith(action: string): string {
  return `version: 1\nrules:\n${ruleWith(action)}`;
}
