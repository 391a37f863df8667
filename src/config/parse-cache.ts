import { createHash } from "node:crypto";
import type { ParsedFile, RawFile } from "./parse.ts";
import { namesIn } from "./yaml/expand.ts";

export interface ParseCache {
  /** As parsed before, if the text and all names it takes from the environment are the same. */
  parse(raw: RawFile): ParsedFile;
  /** Drops what has not been asked for since the last call: files that are no longer included, texts that have changed. */
  forgetUnused(): void;
}

/** Parses a file again only when it could come out differently. */
export function createParseCache(parse: (raw: RawFile) => ParsedFile): ParseCache {
  let kept = new Map<string, ParsedFile>();
  let used = new Map<string, ParsedFile>();
  return {
    parse(raw) {
      const key = keyOf(raw);
      const parsed = used.get(key) ?? kept.get(key) ?? parse(raw);
      used.set(key, parsed);
      return parsed;
    },
    forgetUnused() {
      kept = used;
      used = new Map();
    },
  };
}

function keyOf({ file, kind, text, environment }: RawFile): string {
  const names = namesIn(text).map((name) => [name, environment[name] ?? null]);
  return createHash("sha256")
    .update(JSON.stringify([file, kind, text, names]))
    .digest("hex");
}
