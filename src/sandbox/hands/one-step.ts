import { createHmac } from "node:crypto";
import { addKey, deleteKey, keepOnly } from "../world/keys.ts";
import type { OneStepOffer } from "../world/market-rows.ts";
import type { ApiKey } from "../world/rows.ts";
import type { World } from "../world/world.ts";

const PATIENCE_MS = 10_000;

/** An answer of the module. `status` null: none came; `body` is null when it was not JSON. */
export interface ModuleAnswer {
  readonly status: number | null;
  readonly body: unknown;
}

/** What the configuration address said; null: nothing usable. */
export interface CardAnswer extends ModuleAnswer {
  readonly config: { readonly scopes: readonly string[]; readonly registerUrl: string } | null;
}

/** Fields of `register`, sent in place of the true ones. A given `apiKey` is signed like the true one, and no key is made. */
export interface Tampering {
  readonly token?: string;
  readonly apiKey?: string;
  readonly systemUrl?: string;
}

/** `sent` is what was in `register`, to be sent again; `accountUrl` is where the browser goes; null: the module refused. */
export interface OneStepOutcome extends ModuleAnswer {
  readonly sent: { readonly token: string; readonly apiKey: string; readonly systemUrl: string } | null;
  readonly accountUrl: string | null;
  /** The module's words, or the CRM's own about an answer that makes no sense; null when all went well. */
  readonly errorMsg: string | null;
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

async function ask(url: string, init: RequestInit): Promise<ModuleAnswer> {
  try {
    const answer = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: answer.status, body: parsed(await answer.text()) };
  } catch {
    return { status: null, body: null };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function oneStepOf(world: World, code: string): OneStepOffer {
  const oneStep = world.offers.get(code)?.oneStep;
  if (oneStep == null) throw new RangeError(`no module ${code} with a one-step connection`);
  return oneStep;
}

const isWeb = (url: unknown): url is string => typeof url === "string" && /^https?:/.test(url) && URL.canParse(url);

/** The CRM asks the configuration address: what the module wants, and where it registers. Rejects with RangeError. */
export async function openCard(world: World, code: string): Promise<CardAnswer> {
  const answer = await ask(oneStepOf(world, code).configUrl, {});
  const { success, scopes, registerUrl } = fieldsOf(answer.body);
  const isSound = answer.status === 200 && success === true && Array.isArray(scopes) && isWeb(registerUrl);
  return { ...answer, config: isSound ? { scopes: scopes.map(String), registerUrl } : null };
}

/** hex(HMAC-SHA256(secret, apiKey)). The address is not part of it. */
export const oneStepToken = (secret: string, apiKey: string): string =>
  createHmac("sha256", secret).update(apiKey).digest("hex");

/** Both ways of writing that official and other modules read. */
function registerForm(world: World, register: Readonly<Record<string, string>>): URLSearchParams {
  if (world.behaviour.registerAs === "json") return new URLSearchParams({ register: JSON.stringify(register) });
  const fields = Object.entries(register).map(([name, value]) => [`register[${name}]`, value] as const);
  return new URLSearchParams(Object.fromEntries(fields));
}

/** The key works from the moment it is told, since the module registers itself with it before it answers. */
async function register(
  world: World,
  { url, secret, key, tampering }: { url: string; secret: string; key: string; tampering: Tampering },
): Promise<OneStepOutcome> {
  const apiKey = tampering.apiKey ?? key;
  const { token = oneStepToken(secret, apiKey), systemUrl = world.urls.crm } = tampering;
  const sent = { token, apiKey, systemUrl };
  const answer = await ask(url, { method: "POST", body: registerForm(world, sent) });
  const { success, accountUrl, errorMsg } = fieldsOf(answer.body);
  const isDone = answer.status === 200 && success === true && isWeb(accountUrl);
  const words = typeof errorMsg === "string" ? errorMsg : `The module answered ${answer.status ?? "nothing"}.`;
  return { ...answer, sent, accountUrl: isDone ? accountUrl : null, errorMsg: isDone ? null : words };
}

function settle(world: World, key: ApiKey, isDone: boolean): void {
  // The module may have asked for other permissions already, and so for another key.
  if (!world.keys.has(key.key)) return;
  if (isDone) keepOnly(world, key);
  else deleteKey(world, key.key);
}

/** The card is opened, a key with the wanted permissions is made, the module is told of it. A module that refuses leaves no key
 *  behind; one that agrees has only its newest. Rejects with RangeError. */
export async function connectInOneStep(world: World, code: string, tampering: Tampering): Promise<OneStepOutcome> {
  const { secret } = oneStepOf(world, code);
  const { config, ...answer } = await openCard(world, code);
  if (config === null) {
    return { ...answer, sent: null, accountUrl: null, errorMsg: "The configuration address makes no sense." };
  }
  const key = addKey(world, { scopes: config.scopes, madeFor: code });
  const outcome = await register(world, { url: config.registerUrl, secret, key: key.key, tampering });
  settle(world, key, outcome.accountUrl !== null && tampering.apiKey === undefined);
  return outcome;
}
