import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { parse } from "yaml";
import { OPERATIONS, type OperationId } from "../../src/generated/bot-operations.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";

/** A registered bot at a running sandbox. Every answer and every event that passes through here is held against the
 *  services' descriptions, so a wrong shape fails whichever test meets it. */
export interface Client {
  readonly sandbox: Sandbox;
  readonly token: string;
  readonly botId: number;
  api(operation: OperationId, request?: ApiRequest): Promise<Answer>;
  /** An event socket that is open; it closes with the test. */
  listen(options?: ListenOptions): Promise<Ear>;
}

export interface ApiRequest {
  readonly path?: Readonly<Record<string, string | number>>;
  /** As written in the address, without the question mark. */
  readonly query?: string;
  readonly body?: unknown;
  /** Null: no token is sent. */
  readonly token?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface ListenOptions {
  readonly events?: readonly string[];
  readonly token?: string;
  /** More of the query, such as `&options=include_mass_communication`. */
  readonly more?: string;
  readonly autoPong?: boolean;
}

/** One event, checked. */
export interface Heard {
  readonly type: string;
  readonly meta: { readonly timestamp: number };
  readonly data: unknown;
}

export interface Ear {
  readonly socket: WebSocket;
  /** Everything heard so far. */
  readonly heard: readonly Heard[];
  /** The first event, heard already or to come, that is `wanted`. */
  until(wanted: (event: Heard) => boolean): Promise<Heard>;
}

/** The value at a path such as `message.chat.id`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split(".")) {
    found =
      typeof found === "object" && found !== null
        ? Object.entries(found).find(([name]) => name === key)?.[1]
        : undefined;
  }
  return found;
}

/** The values at a path of each row of a list. */
export const each = (rows: unknown, path: string): unknown[] =>
  Array.isArray(rows) ? rows.map((row: unknown) => at(row, path)) : [];

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat("binary", true);
const read = (name: string) => readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8");
const openApi: unknown = parse(read("bot-api.openapi.yaml"));
ajv.addSchema({ $id: "bot", components: at(openApi, "components") });
const checkEvent = ajv.compile(JSON.parse(read("events.schema.json")));
const checkError = ajv.compile({ $ref: "bot#/components/schemas/ErrorBody", required: ["errors"] });
const crmSchema = JSON.parse(read("crm-api.schema.json"));
ajv.addSchema(crmSchema, "crm");

/** Throws when `value` is not as the schema says. */
function hold(check: ValidateFunction, value: unknown, what: string): void {
  if (!check(value))
    throw new Error(`${what} is not as described: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value)}`);
}

/** Throws when a CRM answer is not as the named definition of `crm-api.schema.json` says. */
export function holdCrm(name: string, value: unknown): void {
  hold(ajv.compile({ $ref: `crm#/$defs/${name}` }), value, name);
}

const answerChecks = new Map<OperationId, ValidateFunction>();

/** The schema of an operation's good answer, read from the API's description itself. */
function checkAnswer(operation: OperationId): ValidateFunction {
  const known = answerChecks.get(operation);
  if (known !== undefined) return known;
  const { path, method } = OPERATIONS[operation];
  const ref = String(at(openApi, `paths.${path}.${method.toLowerCase()}.responses.200.$ref`))
    .split("/")
    .at(-1);
  const check = ajv.compile({ $ref: `bot#/components/responses/${ref}/content/application~1json/schema` });
  answerChecks.set(operation, check);
  return check;
}

function addressOf(sandbox: Sandbox, operation: OperationId, { path = {}, query }: ApiRequest): string {
  const filled = OPERATIONS[operation].path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(path[name])),
  );
  return `${sandbox.gatewayUrl}/api/bot/v1${filled}${query === undefined ? "" : `?${query}`}`;
}

async function callApi(sandbox: Sandbox, operation: OperationId, request: ApiRequest): Promise<Answer> {
  const { body, token } = request;
  const isForm = body instanceof FormData;
  const headers = new Headers();
  if (token != null) headers.set("x-bot-token", token);
  if (body !== undefined && !isForm) headers.set("content-type", "application/json");
  const sent = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) };
  const response = await fetch(addressOf(sandbox, operation, request), {
    method: OPERATIONS[operation].method,
    headers,
    ...sent,
  });
  const answer: unknown = JSON.parse(await response.text());
  hold(
    response.status < 300 ? checkAnswer(operation) : checkError,
    answer,
    `answer ${response.status} of ${operation}`,
  );
  return { status: response.status, body: answer, headers: response.headers };
}

export const ALL_EVENTS: readonly string[] = [
  "bot_updated",
  "channel_updated",
  "chat_created",
  "chat_updated",
  "chats_deleted",
  "customer_updated",
  "dialog_assign",
  "dialog_closed",
  "dialog_opened",
  "message_deleted",
  "message_new",
  "message_restored",
  "message_updated",
  "user_joined_chat",
  "user_left_chat",
  "user_online_updated",
  "user_updated",
];

/** Where the sandbox's socket is opened. */
export const socketUrl = (sandbox: Sandbox, query: string): string =>
  `${sandbox.gatewayUrl.replace("http", "ws")}/api/bot/v1/ws${query}`;

async function openEar(sandbox: Sandbox, token: string, options: ListenOptions): Promise<Ear> {
  const query = `?events=${(options.events ?? ALL_EVENTS).join(",")}${options.more ?? ""}`;
  const headers = { "x-bot-token": options.token ?? token };
  const socket = new WebSocket(socketUrl(sandbox, query), { headers, autoPong: options.autoPong ?? true });
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  let fault: unknown = null;
  socket.on("message", (raw) => {
    try {
      const event: Heard = JSON.parse(String(raw));
      hold(checkEvent, event, event.type);
      heard.push(event);
    } catch (error) {
      fault = error;
    }
    for (const look of [...waiting]) look();
  });
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const until = (wanted: (event: Heard) => boolean) =>
    new Promise<Heard>((resolve, reject) => {
      const look = () => {
        const found = heard.find(wanted);
        if (fault === null && found === undefined) return;
        waiting.delete(look);
        if (fault !== null || found === undefined) reject(fault);
        else resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { socket, heard, until };
}

/** Sends the module to the CRM as a form, as a module does. */
export async function editModule(
  sandbox: Sandbox,
  fields: Readonly<Record<string, unknown>>,
  code = "test-bot",
): Promise<Answer> {
  const response = await fetch(`${sandbox.crmUrl}/api/v5/integration-modules/${code}/edit`, {
    method: "POST",
    headers: { "x-api-key": sandbox.apiKey },
    body: new URLSearchParams({ integrationModule: JSON.stringify(fields) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()), headers: response.headers };
}

/** The least that registers a bot. */
export const MODULE = {
  code: "test-bot",
  name: "Test bot",
  clientId: "client-1",
  baseUrl: "http://127.0.0.1:9/bot",
  active: true,
  integrations: { mgBot: {} },
};

/** Starts a sandbox that stops with the test. */
export async function freshSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

/** A fresh sandbox with one registered bot. */
export async function registeredClient(options: SandboxOptions = {}): Promise<Client> {
  const sandbox = await freshSandbox(options);
  const answer = await editModule(sandbox, MODULE);
  const token = String(at(answer.body, "info.mgBot.token"));
  const botId = sandbox.world.modules.get(MODULE.code)?.botId ?? 0;
  return {
    sandbox,
    token,
    botId,
    api: (operation, request = {}) => callApi(sandbox, operation, { token, ...request }),
    listen: (listenOptions = {}) => openEar(sandbox, token, listenOptions),
  };
}
