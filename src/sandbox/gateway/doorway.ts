import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { SCHEMAS } from "../../generated/bot-operations.ts";
import type { Fault } from "../http/faults.ts";
import type { Stage } from "../stage.ts";
import { isServed, moduleOfToken } from "../world/modules.ts";

/** Where the socket is opened. */
export const SOCKET_PATH = "/api/bot/v1/ws";

/** What the gateway says of an upgrade: whom it serves, or why it does not. */
export type Entry =
  | {
      readonly ok: true;
      readonly token: string;
      readonly botId: number;
      readonly events: readonly string[];
      readonly mass: boolean;
    }
  | { readonly ok: false; readonly status: number; readonly error: string };

const eventTypes = (): readonly unknown[] => {
  const schema = SCHEMAS.WSEventType;
  return typeof schema === "object" && schema !== null && "enum" in schema && Array.isArray(schema.enum)
    ? schema.enum
    : [];
};

const listed = (text: string | null): string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

const refuse = (status: number, error: string): Entry => ({ ok: false, status, error });

/** Looks at token, module and query of an upgrade. */
export function enter(stage: Stage, request: IncomingMessage): Entry {
  const url = new URL(request.url ?? "/", "http://gateway");
  if (url.pathname !== SOCKET_PATH) return refuse(404, "not found");
  const header = request.headers["x-bot-token"];
  const token = typeof header === "string" ? header : "";
  const module = moduleOfToken(stage.world, token);
  if (module === undefined || module.botId === null) return refuse(401, "unauthorized");
  if (!isServed(stage.world, module)) return refuse(403, "access denied");
  const events = listed(url.searchParams.get("events"));
  if (events.length === 0) return refuse(400, "events: this value should not be blank");
  const unknown = events.find((type) => !eventTypes().includes(type));
  if (unknown !== undefined) return refuse(400, `events: unknown event ${unknown}`);
  const mass = listed(url.searchParams.get("options")).includes("include_mass_communication");
  return { ok: true, token, botId: module.botId, events, mass };
}

/** A plain HTTP answer instead of a socket. */
export interface Plain {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A refused upgrade is answered in plain HTTP. */
export function answerPlain(socket: Duplex, { status, headers, text }: Plain): void {
  const all = {
    connection: "close",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} Refused`, ...lines, "", text].join("\r\n"));
}

/** The answer that a `status` or `html` fault gives to an upgrade. */
export function plainFault(fault: Fault): Plain {
  const html = fault.kind === "html";
  const body = fault.body ?? { errors: ["internal server error"] };
  const text = html ? "<html><body>Login</body></html>" : typeof body === "string" ? body : JSON.stringify(body);
  const type = html ? { "content-type": "text/html" } : {};
  return { status: fault.status ?? (html ? 200 : 500), headers: { ...type, ...fault.headers }, text };
}
