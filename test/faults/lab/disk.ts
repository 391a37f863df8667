import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "./scenario.ts";

const execute = promisify(execFile);

/** A disk that can be filled up and freed again while the program runs. */
export interface SmallDisk {
  /** How it is made: the table says so. */
  readonly kind: "tmpfs" | "file size limit";
  /** From now on writes of that process fail. */
  fill(pid: number): Promise<void>;
  free(pid: number): Promise<void>;
}

const SIZE_MB = 16;

/** Puts a small disk at `folder`. A memory disk where this user may mount one; elsewhere the process's own limit on the size
 *  of its files stands in: writing beyond it fails in the same way, with another code. */
export async function smallDisk(lab: Lab, folder: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  return (await mounted(lab, folder)) ? tmpfs(folder) : fileSizeLimit;
}

async function mounted(lab: Lab, folder: string): Promise<boolean> {
  try {
    await execute("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "tmpfs", folder]);
  } catch {
    return false;
  }
  lab.onTestFinished(async () => void (await execute("umount", ["-l", folder])));
  return true;
}

function tmpfs(folder: string): SmallDisk {
  const ballast = join(folder, "ballast");
  return {
    kind: "tmpfs",
    async fill() {
      // To the last block: smaller pieces until even one byte does not fit.
      for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 4)) await append(ballast, bytes);
    },
    free: () => rm(ballast, { force: true }),
  };
}

async function append(file: string, bytes: number): Promise<void> {
  for (;;) {
    try {
      await writeFile(file, Buffer.alloc(bytes, 1), { flag: "a" });
    } catch {
      return;
    }
  }
}

const fileSizeLimit: SmallDisk = { kind: "file size limit", fill: forbidWrites, free: allowWrites };

/** From now on every write of that process to a file fails, as on a broken disk: no file may be longer than one byte. */
export async function forbidWrites(pid: number): Promise<void> {
  await execute("prlimit", ["--pid", String(pid), "--fsize=1:"]);
}

export async function allowWrites(pid: number): Promise<void> {
  await execute("prlimit", ["--pid", String(pid), "--fsize=unlimited:"]);
}
