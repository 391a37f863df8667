import type { Stage } from "../stage.ts";
import type { Module } from "../world/rows.ts";

const PATIENCE_MS = 5000;

/** Where the CRM posts the module's activity; null: the module named no such action. */
function activityUrl({ fields }: Module): string | null {
  const { baseUrl, actions } = fields;
  if (typeof baseUrl !== "string" || typeof actions !== "object" || actions === null) return null;
  const path = "activity" in actions ? actions.activity : undefined;
  if (typeof path !== "string") return null;
  return `${baseUrl.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
}

/** Tells the module that it was switched on, off or frozen: a form without a signature. Never throws: what became of it
 *  is reported as a change. */
export async function callActivity(stage: Stage, module: Module): Promise<void> {
  const url = activityUrl(module);
  if (url === null) return;
  const body = new URLSearchParams({
    clientId: String(module.fields.clientId),
    activity: JSON.stringify({ active: module.active, freeze: module.freeze }),
    systemUrl: stage.world.urls.crm,
  });
  const request = fetch(url, { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  const status = await request.then((answer) => answer.status).catch(() => null);
  stage.report({ kind: "callback", url, status });
}
