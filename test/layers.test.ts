import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Layer {
  /** `src/language`, `src/clock.ts`. */
  readonly home: string;
  /** Its row in the table: a file imports only from rows above its own, or from its own folder. */
  readonly row: number;
  readonly pure: boolean;
  readonly libraries: readonly string[];
}

interface Import {
  readonly file: string;
  readonly from: string;
}

/** The rows of the table in docs/architecture.md: | `src/a/`, `src/b.ts` | holds | yes | lib, lib | */
function readLayers(table: string): readonly Layer[] {
  const rows = table.split("\n").filter((line) => line.startsWith("| `src/"));
  return rows.flatMap((line, row) => {
    const [homes = "", , pure = "", libraries = ""] = line
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    return [...homes.matchAll(/`([^`]+)`/g)].map(([, home = ""]) => ({
      home: home.replace(/\/$/, ""),
      row,
      pure: pure === "yes",
      libraries: libraries
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean),
    }));
  });
}

function importsOf(file: string, text: string): readonly Import[] {
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;"']*?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g);
  return [...found].map(([, still, lazy]) => ({ file, from: still ?? lazy ?? "" }));
}

function homeOf(layers: readonly Layer[], file: string): Layer | undefined {
  return layers.find(({ home }) => file === home || file.startsWith(`${home}/`));
}

/** `node:sqlite` stays, `ajv/dist/2020.js` is ajv, `@fastify/x` keeps its two parts. */
function packageOf(from: string): string {
  if (from.startsWith("node:")) return from;
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

const layers = readLayers(readFileSync(join(root, "docs/architecture.md"), "utf8"));
const texts = new Map(
  readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [join("src", name), readFileSync(join(root, "src", name), "utf8")]),
);
const imports = [...texts].flatMap(([file, text]) => importsOf(file, text));
const inner = imports
  .filter(({ from }) => from.startsWith("."))
  .map(({ file, from }) => ({ file, to: relative(root, join(root, file, "..", from)) }))
  .filter(({ to }) => !to.startsWith("schemas/")); // data, not code

/** What pure folders must not touch: the disk, the network, the process, the log, the clock, chance. */
const EFFECTS: readonly RegExp[] = [
  /from "node:(fs|fs\/promises|net|http|https|dns|child_process|worker_threads|process|timers|timers\/promises)"/,
  /from "(pino|got|ws|fastify|undici)"/,
  /\bprocess\.\w/,
  /\bDate\.now\b/,
  /\bMath\.random\b/,
  /\bnew Date\(\)/,
  /\b(setTimeout|setInterval|fetch)\(/,
  /\bDateTime\.(now|local|utc)\(\)/,
];

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

describe("the folders of docs/architecture.md", () => {
  it("have a row each, and every source file is in one of them", () => {
    expect(layers.length).toBeGreaterThan(10);
    expect([...texts.keys()].filter((file) => !homeOf(layers, file))).toEqual([]);
  });

  it("import only from themselves and from folders above", () => {
    const wrong = inner.filter(({ file, to }) => {
      const [own, other] = [homeOf(layers, file), homeOf(layers, to)];
      return own?.home !== other?.home && (own === undefined || other === undefined || other.row >= own.row);
    });
    expect(wrong.map(({ file, to }) => `${file} imports ${to}`)).toEqual([]);
  });

  it("leave src/app/ to the command line", () => {
    const users = inner
      .filter(({ file, to }) => to.startsWith("src/app/") && !file.startsWith("src/app/"))
      .map(({ file }) => file);
    expect(users.filter((file) => !file.startsWith("src/cli/") && file !== "src/main.ts")).toEqual([]);
  });

  it("keep every library of the table in the rows that name it", () => {
    const wrong = imports.filter(({ file, from }) => {
      const homes = layers.filter(({ libraries }) => libraries.includes(packageOf(from)));
      return homes.length > 0 && !homes.some(({ home }) => file === home || file.startsWith(`${home}/`));
    });
    expect(wrong.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });

  it("touch no clock, chance, disk, network, process or log where they are pure", () => {
    const pure = [...texts].filter(([file]) => homeOf(layers, file)?.pure);
    const wrong = pure.flatMap(([file, text]) => {
      return EFFECTS.filter((effect) => effect.test(withoutComments(text))).map(
        (effect) => `${file}: ${effect.source}`,
      );
    });
    expect(pure.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });
});

describe("reading imports", () => {
  it.each([
    { text: 'import { a } from "../x.ts";', from: ["../x.ts"] },
    { text: 'import type { A } from "./y.ts";', from: ["./y.ts"] },
    { text: 'import "node:fs";', from: ["node:fs"] },
    { text: 'import {\n  a,\n  b,\n} from "ws";', from: ["ws"] },
    { text: 'export { a } from "./z.ts";', from: ["./z.ts"] },
    { text: 'const x = await import("got");', from: ["got"] },
    { text: 'const text = "a from b";', from: [] },
  ])("sees $from in $text", ({ text, from }) => {
    expect(importsOf("src/a.ts", text).map((one) => one.from)).toEqual(from);
  });
});
