import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isInside } from "../../../src/api/inside.ts";

const HOOK = fileURLToPath(new URL("../children/tell-dials.ts", import.meta.url));

/** One address that the program dialled. */
export interface Dial {
  /** Unix ms. */
  readonly at: number;
  /** One of the gateway's sockets, or a request over HTTP. */
  readonly what: "socket" | "request";
  readonly ip: string;
  readonly port: number;
}

/** What a program is started with so that it writes down what it dials. */
export interface DialHook {
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Everything dialled so far. */
  read(): readonly Dial[];
}

/** `names`: where host names lead, instead of where they really do. */
export function dialHook(folder: string, names: Readonly<Record<string, string>> = {}): DialHook {
  const file = join(folder, "dials");
  return {
    nodeArgs: ["--import", HOOK],
    env: { FAULTS_DIALS: file, FAULTS_NAMES: JSON.stringify(names) },
    read: () => linesOf(file).map(dialOf),
  };
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

function dialOf(line: string): Dial {
  const [at = "", what = "", ip = "", port = ""] = line.split(" ");
  return { at: Number(at), what: what === "socket" ? "socket" : "request", ip, port: Number(port) };
}

/** Dials to the inside of a network, other than to these ports of this machine (where the lab's own accounts live). */
export const insideDials = (dials: readonly Dial[], own: ReadonlySet<number>): readonly Dial[] =>
  dials.filter(({ ip, port }) => isInside(ip) && !own.has(port));

/** The most within any span of a second, wherever it begins. */
export function busiestSecond(moments: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [at, moment] of moments.entries()) {
    while ((moments[first] ?? moment) <= moment - 1_000) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
