import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Liquid, toValue } from "liquidjs";
import type { Language } from "../../types/issue.ts";
import { fill, LANGUAGES, WORDS } from "./words/index.ts";

/** A page by the name of its template. */
export type PageName =
  | "connect"
  | "sign-in"
  | "settings"
  | "admin-login"
  | "admin-accounts"
  | "admin-account"
  | "admin-remove"
  | "message";

export interface PageOptions {
  /** In front of every address of ours, `/bot` or empty: the path of `module.public_url`. */
  readonly base: string;
  /** The module's name. */
  readonly name: string;
}

export interface PageRequest {
  readonly language: Language;
  /** The visitor chose the language, so links go on carrying it. */
  readonly isLanguageChosen: boolean;
  /** Path and query of the page for the language links, without `base` and `lang`; null: no links. */
  readonly here: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Pages {
  /** One page as HTML; every value in it is escaped by the engine. */
  render(page: PageName, request: PageRequest): string;
  /** The stylesheet and where it is; its address changes with its content. */
  readonly style: { readonly path: string; readonly text: string };
  readonly icon: { readonly path: string; readonly text: string };
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const NAMES: readonly PageName[] = [
  "connect",
  "sign-in",
  "settings",
  "admin-login",
  "admin-accounts",
  "admin-account",
  "admin-remove",
  "message",
];

/** Reads all templates at once, so that a missing one is found at the start. */
export function createPages({ base, name }: PageOptions): Pages {
  const liquid = new Liquid({
    root: here("templates"),
    extname: ".liquid",
    cache: true,
    outputEscape: "escape",
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    jsTruthy: true,
  });
  liquid.registerFilter("fill", (sentence: unknown, ...filling: unknown[]) =>
    fill(String(toValue(sentence)), ...filling.map((one) => String(toValue(one)))),
  );
  const templates = new Map(NAMES.map((page) => [page, liquid.parseFileSync(page)]));
  const style = asset("style.css", "css");
  const icon = asset("icon.svg", "svg");
  return {
    style,
    icon,
    render(page, request) {
      const common = { base, name, style: style.path, icon: icon.path, ...languagePart(request) };
      return liquid.renderSync(templates.get(page) ?? [], { ...common, ...request.data });
    },
  };
}

function languagePart({ language, isLanguageChosen, here: path }: PageRequest) {
  const join = path?.includes("?") === true ? "&" : "?";
  return {
    t: WORDS[language],
    lang: language,
    chosen: isLanguageChosen ? language : "",
    languages: path === null ? [] : LANGUAGES.map((one) => ({ ...one, href: `${path}${join}lang=${one.code}` })),
  };
}

function asset(file: string, extension: string) {
  const text = readFileSync(here(file), "utf8");
  const mark = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { path: `/assets/${mark}.${extension}`, text };
}
