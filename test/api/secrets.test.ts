import { inspect } from "node:util";
import { afterEach, expect, it } from "vitest";
import { createBotApi } from "../../src/api/bot.ts";
import { createCrmApi } from "../../src/api/crm.ts";
import { answer, freePort, type Responder, startHttpServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createHastyClock } from "../helpers/virtual-clock.ts";

const SECRET = "canary-5b1e9c77d0";
const WORDS = "canary words of a customer";
const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const hostile: readonly { readonly how: string; readonly respond: Responder }[] = [
  { how: "refused", respond: (response) => answer(response, 401, { errors: [`token ${SECRET} is unknown`] }) },
  {
    how: "echoed in a failure",
    respond: (response) => answer(response, 400, { errorMsg: SECRET, errors: { x: SECRET } }),
  },
  { how: "answered with a page", respond: (response) => response.end(`<html>${SECRET} ${WORDS}</html>`) },
  { how: "answered with broken JSON", respond: (response) => response.end(`{"a":"${SECRET} ${WORDS}`) },
  { how: "redirected", respond: (response) => response.writeHead(302, { location: `https://x.test/${SECRET}` }).end() },
  { how: "answered with 502", respond: (response) => response.writeHead(502).end(`${SECRET} ${WORDS}`) },
  { how: "cut", respond: (response) => response.destroy() },
  { how: "never answered", respond: () => {} },
];

/** Everything that can be read off an error, and all that was logged. */
const shown = (error: unknown, log: string) =>
  [inspect(error, { depth: 20, showHidden: true, getters: true }), String(error), JSON.stringify(error), log].join(
    "\n",
  );

it.each(hostile)(
  "no error and no log line shows the token or the message when the request is $how",
  async ({ respond }) => {
    const server = await startHttpServer(respond);
    ended.push(server.stop);
    const { log, text } = createTestLog();
    const shared = { clock: createHastyClock(), random: () => 0, log, limits: { responseMs: 50 } };
    const bot = createBotApi({ endpointUrl: server.url, token: SECRET, ...shared });
    const crm = createCrmApi({ url: server.url, apiKey: SECRET, ...shared });
    const message = { operation: "sendMessage", path: {}, query: {}, body: { content: WORDS } };
    const errors = await Promise.all([
      bot.request(message).catch((error: unknown) => error),
      crm.notify({ type: "api.info", message: WORDS }).catch((error: unknown) => error),
      bot.self({ attempts: 2 }).catch((error: unknown) => error),
    ]);
    for (const error of errors) log.error({ err: error }, "failed");
    bot.close();
    crm.close();
    expect(errors.every((error) => error instanceof Error)).toBe(true);
    expect(shown(errors, text())).not.toContain(SECRET);
    expect(shown(errors, text())).not.toContain(WORDS);
  },
);

it.each([
  { what: "cannot be connected to", url: async () => `http://127.0.0.1:${await freePort()}`, token: SECRET },
  { what: "has no such name", url: async () => "http://gateway.invalid", token: SECRET },
  {
    what: "is called with a token that fits into no header",
    url: async () => "http://gateway.invalid",
    token: `${SECRET}\nX: ж`,
  },
  {
    what: "has a password in its address",
    url: async () => `http://user:${SECRET}@gateway.invalid`,
    token: "another-token",
  },
])("no error shows the token when the host $what", async ({ url, token }) => {
  const { log, text } = createTestLog();
  const bot = createBotApi({ endpointUrl: await url(), token, clock: createHastyClock(), random: () => 0, log });
  const error = await bot.self({ attempts: 2 }).catch((reason: unknown) => reason);
  bot.close();
  expect(error).toMatchObject({ name: "ApiError", sent: "no" });
  expect(shown(error, text())).not.toContain(SECRET);
});
