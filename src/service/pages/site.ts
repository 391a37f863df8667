import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../types/issue.ts";
import type { ServiceOptions } from "../options.ts";
import { formOf } from "../security/forms.ts";
import { isLanguage, pickLanguage } from "./language.ts";
import { createPages, type PageName, type Pages } from "./pages.ts";
import { WORDS } from "./words/index.ts";

export type SiteOptions = Pick<ServiceOptions, "publicUrl" | "name" | "language" | "many">;

export interface Shown {
  readonly page: PageName;
  /** 200 when left out. */
  readonly status?: number;
  /** For the language links: path and query without `base` and `lang`; left out: no links. */
  readonly here?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Our pages, as this visitor reads them. */
export interface Site {
  readonly assets: Pick<Pages, "style" | "icon">;
  readonly isHttps: boolean;
  /** `https://bot.example`. */
  readonly origin: string;
  /** In front of every path of ours when `public_url` has one, else empty. */
  readonly base: string;
  /** Sites that may show pages for owners in a frame; none where there are no such pages. */
  readonly frameSites: () => Promise<readonly string[]>;
  words(request: FastifyRequest): (typeof WORDS)[Language];
  language(request: FastifyRequest): Language;
  show(request: FastifyRequest, reply: FastifyReply, shown: Shown): FastifyReply;
  /** Sends the browser to another page of ours (303), in the language it chose. */
  lead(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply;
  /** The address of a page of ours for a link, in the language the visitor chose. */
  hrefOf(request: FastifyRequest, path: string): string;
  /** `&lang=es` where the visitor chose a language, else nothing; for links of ours. */
  languageQuery(request: FastifyRequest): string;
}

export function createSite(options: SiteOptions): Site {
  const { origin, protocol, pathname } = new URL(options.publicUrl);
  const base = pathname.replace(/\/+$/u, "");
  const pages = createPages({ base, name: options.name });
  const language = (request: FastifyRequest) =>
    pickLanguage({
      asked: chosenLanguage(request),
      accepted: request.headers["accept-language"],
      fallback: options.language,
    });
  const languageQuery = (request: FastifyRequest) => {
    const chosen = chosenLanguage(request);
    return chosen === null ? "" : `&lang=${chosen}`;
  };
  const hrefOf = (request: FastifyRequest, path: string) => {
    const query = languageQuery(request);
    return `${base}${path}${path.includes("?") ? query : query.replace("&", "?")}`;
  };
  return {
    assets: pages,
    isHttps: protocol === "https:",
    origin,
    base,
    frameSites: options.many?.frameSites ?? (async () => []),
    language,
    languageQuery,
    words: (request) => WORDS[language(request)],
    show(request, reply, { page, status = 200, here = null, data }) {
      const isLanguageChosen = chosenLanguage(request) !== null;
      const html = pages.render(page, { language: language(request), isLanguageChosen, here, data });
      return reply.code(status).type("text/html; charset=utf-8").send(html);
    },
    hrefOf,
    lead: (request, reply, path) => reply.redirect(hrefOf(request, path), 303),
  };
}

/** What the visitor chose by a link, carried on by forms; null: nothing yet. */
function chosenLanguage({ query, body }: FastifyRequest): Language | null {
  const asked = queryOf(query).get("lang") ?? formOf(body).get("lang");
  return isLanguage(asked) ? asked : null;
}

/** The query with single texts: what comes twice counts by its first. */
export function queryOf(query: unknown): URLSearchParams {
  const entries = typeof query === "object" && query !== null ? Object.entries(query) : [];
  return new URLSearchParams(
    entries.flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return typeof first === "string" ? [[name, first] as [string, string]] : [];
    }),
  );
}
