import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";

/** What came back from the program. `status` null: no answer came, or it was cut. */
export interface Page {
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Fields = Readonly<Record<string, string>>;

/** One browser without JavaScript: keeps cookies, and the token of the form it last saw. */
export interface Visitor {
  get(path: string, headers?: OutgoingHttpHeaders): Promise<Page>;
  /** Sends a form as a browser on our own page would. */
  post(path: string, fields: Fields, headers?: OutgoingHttpHeaders): Promise<Page>;
  /** The session, as another browser could steal it. */
  cookie(): string;
}

const FORM = "application/x-www-form-urlencoded";
const PATIENCE_MS = 60_000;
/** The form's header names every CRM that may frame it: in the lab a thousand. */
const MAX_HEADER_BYTES = 1024 * 1024;
const NO_PAGE: Page = { status: null, headers: {}, body: "" };

export interface Sending {
  readonly method: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** One request, whatever it is. Never rejects. */
export function send(url: string, { method, headers = {}, body }: Sending): Promise<Page> {
  return new Promise((resolve) => {
    const asked = request(url, { method, headers, maxHeaderSize: MAX_HEADER_BYTES, timeout: PATIENCE_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", () => resolve(NO_PAGE));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? null,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(NO_PAGE));
    asked.end(body);
  });
}

/** The headers of a form of the program's own pages, or of nobody's. */
export const formHeaders = (body: string): OutgoingHttpHeaders => ({
  "content-type": FORM,
  "content-length": Buffer.byteLength(body),
});

/** A form from outside: no cookie, no token, as the CRM sends it. */
export function sendForm(url: string, fields: Fields, headers: OutgoingHttpHeaders = {}): Promise<Page> {
  const body = new URLSearchParams(fields).toString();
  return send(url, { method: "POST", body, headers: { ...formHeaders(body), ...headers } });
}

/** `headers` go with every request: where a proxy says that it comes from, the language. */
export function createVisitor(root: string, headers: OutgoingHttpHeaders = {}): Visitor {
  const cookies = new Map<string, string>();
  let token = "";
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const usual = () => ({ accept: "text/html", ...(cookies.size === 0 ? {} : { cookie: cookie() }), ...headers });
  const taken = (page: Page): Page => {
    for (const line of page.headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    token = /name="_csrf" value="([^"]+)"/u.exec(page.body)?.[1] ?? token;
    return page;
  };
  return {
    cookie,
    get: async (path, more = {}) =>
      taken(await send(`${root}${path}`, { method: "GET", headers: { ...usual(), ...more } })),
    async post(path, fields, more = {}) {
      const own = { ...usual(), "sec-fetch-site": "same-origin", origin: root };
      return taken(await sendForm(`${root}${path}`, { _csrf: token, ...fields }, { ...own, ...more }));
    },
  };
}

/** Fills in the form and presses "Connect". */
export async function connectByForm(visitor: Visitor, account: { address: string; apiKey: string }): Promise<Page> {
  await visitor.get(`/?account=${encodeURIComponent(account.address)}`);
  return visitor.post("/connect", account);
}

/** Where a page sends the browser next; null: nowhere. */
export const ledTo = ({ status, headers }: Page): string | null => (status === 303 ? (headers.location ?? null) : null);

/** The words of a page without its markup. */
export const textOf = ({ body }: Page): string =>
  body
    .replace(/<(style|datalist)[\s\S]*?<\/\1>/gu, " ")
    .replace(/<[^>]+>/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
