import { onTestFinished } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { USUAL_SCOPES } from "../../src/sandbox/world/seed.ts";
import { answer, type Received, type Responder, startHttpServer } from "./http-server.ts";
import { MODULE } from "./sandbox.ts";

/** A module that can be connected in one step, as small as can be: what the CRM's side does is to be seen, not the module. */
export interface FakeModule {
  readonly url: string;
  readonly requests: readonly Received[];
  /** What it answers to `register` from now on. */
  answerRegister(respond: Responder): void;
  /** What its configuration address answers from now on. */
  answerConfig(respond: Responder): void;
  /** Forms posted to `path`, as fields. */
  forms(path: string): readonly Record<string, string>[];
}

export const SECRET = "cabinet-secret";

/** Starts a module that stops with the test, and offers it in the marketplace. */
export async function offeredModule(sandbox: Pick<Sandbox, "offerModule">, oneStep = true): Promise<FakeModule> {
  const responders: Record<string, Responder> = {
    "/simple/config": (response) =>
      answer(response, 200, { success: true, scopes: USUAL_SCOPES, registerUrl: `${server.url}/simple/register` }),
    "/simple/register": (response) =>
      answer(response, 200, { success: true, accountUrl: `${server.url}/settings/client-1` }),
  };
  const server = await startHttpServer((response, received, nth) => {
    const respond = responders[received.path] ?? ((other) => answer(other, 200, { success: true }));
    respond(response, received, nth);
  });
  onTestFinished(() => server.stop());
  const steps = { configUrl: `${server.url}/simple/config`, secret: SECRET };
  sandbox.offerModule({
    code: MODULE.code,
    name: "Tea bot <&>",
    formUrl: `${server.url}/?lang=en`,
    oneStep: oneStep ? steps : null,
  });
  return {
    url: server.url,
    requests: server.requests,
    answerRegister: (respond) => void Object.assign(responders, { "/simple/register": respond }),
    answerConfig: (respond) => void Object.assign(responders, { "/simple/config": respond }),
    forms: (path) =>
      server.requests
        .filter((received) => received.path === path)
        .map(({ body }) => Object.fromEntries(new URLSearchParams(String(body)))),
  };
}

/** The fields of a module that listens at `url` to both callbacks. */
export const listeningModule = (url: string) => ({
  ...MODULE,
  baseUrl: url,
  accountUrl: `${url}/settings/client-1`,
  actions: { activity: "/actions/activity", settings: "/actions/settings" },
});
