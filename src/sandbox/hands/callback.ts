import { settingsAnswer } from "../crm/answers.ts";
import type { Stage } from "../stage.ts";
import type { Callback } from "../world/market-rows.ts";
import type { Module } from "../world/rows.ts";

const PATIENCE_MS = 5000;
const BETWEEN_TRIES_MS = 1000;
const KEPT = 50;

/** Fields that a callback has instead of the true ones; null: it goes without this field. */
export type Lie = Readonly<Record<string, string | null>>;

/** Where the CRM posts what concerns the module; null: the module named no such action. */
function callbackUrl({ fields }: Module, about: Callback["about"]): string | null {
  const { baseUrl, actions } = fields;
  if (typeof baseUrl !== "string" || typeof actions !== "object" || actions === null) return null;
  const path = Object.entries(actions).find(([name]) => name === about)?.[1];
  if (typeof path !== "string") return null;
  return `${baseUrl.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
}

function withLie(fields: Readonly<Record<string, string>>, lie: Lie): Record<string, string> {
  const all = Object.entries({ ...fields, ...lie });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** Tells the module that it was switched on, off or frozen: a form without a signature. Never throws: what became of it
 *  is reported as a change. */
export async function callActivity(stage: Stage, module: Module, lie: Lie = {}): Promise<void> {
  const fields = {
    clientId: String(module.fields.clientId),
    activity: JSON.stringify({ active: module.active, freeze: module.freeze }),
    systemUrl: stage.world.urls.crm,
  };
  await call(stage, module, { about: "activity", fields: withLie(fields, lie) });
}

/** Tells the module what the account's settings are, or some of them (`only`). As `callActivity`. */
export async function callSettings(
  stage: Stage,
  module: Module,
  { only, lie = {} }: { only?: readonly string[]; lie?: Lie },
): Promise<void> {
  const all = Object.entries(settingsAnswer(stage.world));
  const told = Object.fromEntries(all.filter(([name]) => only === undefined || only.includes(name)));
  const fields = { clientId: String(module.fields.clientId), settings: JSON.stringify(told) };
  await call(stage, module, { about: "settings", fields: withLie(fields, lie) });
}

async function call(stage: Stage, module: Module, what: Omit<Callback, "url">): Promise<void> {
  const url = callbackUrl(module, what.about);
  if (url === null) return;
  const { held } = stage.world.callbacks;
  if (held !== null) held.push({ ...what, url });
  else await sendCallback(stage, { ...what, url });
}

async function post({ url, fields }: Callback): Promise<number | null> {
  const body = new URLSearchParams(fields);
  const request = fetch(url, { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  return await request.then((answer) => answer.status).catch(() => null);
}

/** Posts one callback, as often as the account is set to try. Never throws. */
export async function sendCallback(stage: Stage, callback: Callback): Promise<void> {
  const { callbacks, behaviour } = stage.world;
  for (let attempt = 1; ; attempt += 1) {
    const status = await post(callback);
    callbacks.sent.push({ ...callback, at: stage.clock.now(), status });
    if (callbacks.sent.length > KEPT) callbacks.sent.shift();
    stage.report({ kind: "callback", url: callback.url, status });
    if ((status !== null && status < 400) || attempt >= behaviour.callbackAttempts) return;
    await stage.clock.sleep(BETWEEN_TRIES_MS);
  }
}
