import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { asRecord } from "../crm/key.ts";
import type { Hands } from "../hands/index.ts";
import type { Stage } from "../stage.ts";
import { CrmRefusal } from "../world/refusal.ts";
import type { Module } from "../world/rows.ts";
import type { World } from "../world/world.ts";
import { homeBody, keysBody, page, refusalBody } from "./account.ts";
import { cardBody, frameBody } from "./card.ts";
import type { Html } from "./html.ts";
import { CARDS, HOME, isPage, KEYS, SETTINGS } from "./paths.ts";

/** One account, as its pages see it. */
export interface PageParts {
  readonly stage: Stage;
  readonly hands: Hands;
}

type PartsOf = (request: FastifyRequest) => PageParts;

const codeOf = (request: FastifyRequest): string => String(asRecord(request.params).code);

const field = (request: FastifyRequest, name: string): string => String(asRecord(request.body)[name] ?? "");

const show = (reply: FastifyReply, world: World, { title, body }: { title: string; body: Html }): FastifyReply =>
  reply
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .send(page(world, title, body));

/** Only the account's own pages post here: a page of somebody else's in the same browser may not, under whatever name it
 *  reaches this machine. */
function checkOrigin({ urls }: World, { headers, method }: FastifyRequest): void {
  if (method !== "POST" || headers.origin === undefined) return;
  if (headers.origin !== urls.crm && headers.origin !== urls.technical) throw new CrmRefusal(403, "Access denied.");
}

function known(world: World, code: string): Module {
  const module = world.modules.get(code);
  if (module === undefined) throw new CrmRefusal(404, "Not found");
  return module;
}

function checkCard(world: World, code: string): void {
  if (!world.offers.has(code)) known(world, code);
}

/** Where the form of a module is opened; the account's address may come with it. */
function formAddress({ behaviour, urls }: World, formUrl: string): string {
  const address = new URL(formUrl);
  const { crm } = urls;
  if (behaviour.accountParameter === "url") address.searchParams.set("account", crm);
  if (behaviour.accountParameter === "host") address.searchParams.set("account", new URL(crm).host);
  return address.href;
}

function addCard(app: FastifyInstance, partsOf: PartsOf): void {
  app.get(`${CARDS}:code`, async (request, reply) => {
    const { hands, stage } = partsOf(request);
    const { world } = stage;
    const code = codeOf(request);
    checkCard(world, code);
    const offer = world.offers.get(code);
    const answer = offer?.oneStep == null ? null : await hands.openCard(code);
    const module = world.modules.get(code) ?? null;
    const name = String(offer?.name ?? module?.fields.name);
    const canConnect = offer !== undefined && (answer === null || answer.config !== null);
    return show(reply, world, { title: name, body: cardBody(world, { code, name, module, canConnect, answer }) });
  });
  app.get(`${CARDS}:code/settings`, async (request, reply) => {
    const { world } = partsOf(request).stage;
    const module = known(world, codeOf(request));
    return show(reply, world, { title: String(module.fields.name), body: frameBody(world, module) });
  });
}

function addConnect(app: FastifyInstance, partsOf: PartsOf): void {
  app.post(`${CARDS}:code/connect`, async (request, reply) => {
    const { hands, stage } = partsOf(request);
    const { world } = stage;
    const offer = world.offers.get(codeOf(request));
    if (offer === undefined) throw new CrmRefusal(404, "Not found");
    if (offer.oneStep == null) return reply.redirect(formAddress(world, offer.formUrl), 303);
    const { accountUrl, errorMsg } = await hands.connectInOneStep(offer.code);
    if (accountUrl !== null) return reply.redirect(accountUrl, 303);
    return show(reply.code(502), world, { title: offer.name, body: refusalBody(world, offer.code, errorMsg ?? "") });
  });
}

function addSwitches(app: FastifyInstance, partsOf: PartsOf): void {
  app.post(`${CARDS}:code/state`, async (request, reply) => {
    const { hands, stage } = partsOf(request);
    const { code } = known(stage.world, codeOf(request));
    const given = Object.entries(asRecord(request.body)).filter(([name]) => name === "active" || name === "freeze");
    await hands.setModule(code, Object.fromEntries(given.map(([name, value]) => [name, value === "1"])));
    return reply.redirect(`${CARDS}${code}`, 303);
  });
  app.post(SETTINGS, async (request, reply) => {
    const { hands } = partsOf(request);
    await hands.changeSettings({ timezone: field(request, "timezone"), language: field(request, "language") });
    return reply.redirect(HOME, 303);
  });
}

function addAccount(app: FastifyInstance, partsOf: PartsOf): void {
  const home = async (request: FastifyRequest, reply: FastifyReply) => {
    const { world } = partsOf(request).stage;
    return show(reply, world, { title: "CRM", body: homeBody(world) });
  };
  for (const path of [HOME, "/admin", "/admin/*"]) app.get(path, home);
  app.get(KEYS, async (request, reply) => {
    const { world } = partsOf(request).stage;
    return show(reply, world, { title: "API", body: keysBody(world, null) });
  });
  app.post(KEYS, async (request, reply) => {
    const { hands, stage } = partsOf(request);
    const names = Object.keys(asRecord(request.body)).filter((name) => name.startsWith("scope_"));
    const made = hands.newKey({ scopes: names.map((name) => name.slice("scope_".length)) });
    return show(reply, stage.world, { title: "API", body: keysBody(stage.world, made) });
  });
}

/** Adds the account's pages to the CRM's server. They need no JavaScript, and no login: the stand-in has one owner. */
export function addPages(app: FastifyInstance, partsOf: (request: IncomingMessage) => PageParts): void {
  const parts: PartsOf = (request) => partsOf(request.raw);
  app.addHook("preHandler", async (request) => {
    const [path = HOME] = request.url.split("?");
    if (!isPage(path)) return;
    const { stage } = parts(request);
    checkOrigin(stage.world, request);
    stage.report({ kind: "page", method: request.method, path });
  });
  addAccount(app, parts);
  addCard(app, parts);
  addConnect(app, parts);
  addSwitches(app, parts);
}
