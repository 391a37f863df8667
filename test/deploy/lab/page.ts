import { readFile } from "node:fs/promises";

/** A page of the documentation, as far as its commands, links and names of files are concerned. */
export interface Page {
  /** What stands in its blocks of shell commands, a line each (continued lines joined, remarks at the end left out). */
  readonly commands: readonly string[];
  /** Targets of its links: `file`, `file#anchor` or `#anchor`. */
  readonly links: readonly string[];
  /** Its headings as links name them. */
  readonly anchors: readonly string[];
  readonly text: string;
}

export async function readPage(path: string): Promise<Page> {
  const text = await readFile(path, "utf8");
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gmu)].map(([, block = ""]) => block);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/gu, "").split("\n"));
  return {
    text,
    commands: lines
      .map((line) => line.replace(/ +# .*$/u, "").trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
    links: [...text.matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = ""]) => target),
    anchors: [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) => anchorOf(heading)),
  };
}

/** As GitHub makes them. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
