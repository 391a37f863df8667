import { request as askPlain } from "node:http";
import { request as askSealed } from "node:https";

/** A browser in front of the service, as far as the trials need one: it keeps cookies and sends forms with their token. The
 *  certificate may be one that nobody signed. */
export interface Visitor {
  get(path: string, headers?: Headers): Promise<Answer>;
  /** With the token of the page that was seen last. */
  post(path: string, fields: Headers, headers?: Headers): Promise<Answer>;
}

type Headers = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface VisitorOptions {
  /** An address of this machine from which it comes; left out: whatever the system takes. */
  readonly from?: string;
}

const PATIENCE_MS = 30_000;

/** Somebody who visits the service at `home`. Requests reject when no answer comes. */
export function createVisitor(home: string, { from }: VisitorOptions = {}): Visitor {
  const cookies = new Map<string, string>();
  let token = "";
  const send = async (
    method: string,
    path: string,
    { headers = {}, body = "" }: { headers?: Headers; body?: string },
  ) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const usual = { accept: "text/html", ...(cookie !== "" && { cookie }), ...headers };
    const answer = await ask(new URL(path, home), { method, headers: usual, body, from });
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
      cookies.set(name, value);
    }
    token = /name="_csrf" value="([^"]+)"/u.exec(answer.body)?.[1] ?? token;
    return answer;
  };
  return {
    get: (path, headers = {}) => send("GET", path, { headers }),
    post(path, fields, headers = {}) {
      const body = new URLSearchParams({ _csrf: token, ...fields }).toString();
      const usual = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(Buffer.byteLength(body)),
        "sec-fetch-site": "same-origin",
        origin: new URL(home).origin,
      };
      return send("POST", path, { headers: { ...usual, ...headers }, body });
    },
  };
}

interface Asked {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly from: string | undefined;
}

function ask(url: URL, { method, headers, body, from }: Asked): Promise<Answer> {
  const request = url.protocol === "https:" ? askSealed : askPlain;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = {
    method,
    headers,
    rejectUnauthorized: false,
    agent: false,
    family: 4,
    ...(from !== undefined && { localAddress: from }),
  };
  const asking = request(url, { ...options, timeout: PATIENCE_MS }, (answer) => {
    const parts: Buffer[] = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("error", reject);
    answer.on("end", () =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() }),
    );
  });
  asking.on("timeout", () => asking.destroy(new Error(`no answer from ${url.host} within ${PATIENCE_MS} ms`)));
  asking.on("error", reject);
  asking.end(body);
  return promise;
}

/** Connects an account through the form. Gives the path of its settings page. Rejects, with what the page says, when it is refused. */
export async function connectAccount(
  visitor: Visitor,
  { address, apiKey }: { readonly address: string; readonly apiKey: string },
): Promise<string> {
  await visitor.get(`/?account=${encodeURIComponent(address)}`);
  const answer = await visitor.post("/connect", { address, apiKey });
  const [, path] = /^(?:https?:\/\/[^/]+)?(\/settings\/\w+)/u.exec(String(answer.headers.location)) ?? [];
  if (answer.status !== 303 || path === undefined)
    throw new Error(`${address} was not connected (${answer.status}): ${answer.body.replace(/<[^>]+>|\s+/gu, " ")}`);
  return path;
}
