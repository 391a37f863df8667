import type { CardAnswer } from "../hands/one-step.ts";
import type { SentCallback } from "../world/market-rows.ts";
import type { Module } from "../world/rows.ts";
import type { World } from "../world/world.ts";
import { type Html, html } from "./html.ts";
import { CARDS } from "./paths.ts";
import { type PageWords, pageWords } from "./words.ts";

/** What a card shows. `answer` is what the module's configuration address said; null: it was not asked. */
export interface Card {
  readonly code: string;
  readonly name: string;
  readonly module: Module | null;
  readonly canConnect: boolean;
  readonly answer: CardAnswer | null;
}

/** How a module stands, in a few words. */
export function standing(module: Module | null, words: PageWords): string {
  if (module === null) return words.notConnected;
  if (module.freeze) return words.frozen;
  return module.active ? words.on : words.off;
}

const button = (words: string): Html => html`<button type="submit">${words}</button>`;

const stateForm = (path: string, name: string, { value, words }: { value: boolean; words: string }): Html =>
  html`<form method="post" action="${path}/state"><input type="hidden" name="${name}" value="${value ? 1 : 0}">${button(words)}</form>`;

function switches(path: string, module: Module, words: PageWords): Html {
  const activity = { value: !module.active, words: module.active ? words.switchOff : words.switchOn };
  const freezing = { value: !module.freeze, words: module.freeze ? words.thaw : words.freeze };
  return html`${stateForm(path, "active", activity)}${stateForm(path, "freeze", freezing)}`;
}

/** What leads to the module's own settings page, as the account is set to open it. Nothing where the module named none. */
export function settingsWay(world: World, module: Module, target: string | null): Html {
  const { accountUrl, clientId } = module.fields;
  if (typeof accountUrl !== "string") return html``;
  const words = pageWords(world.language);
  const where = target === null ? html`` : html` target="${target}"`;
  if (world.behaviour.settingsBy === "get")
    return html`<a class="button" href="${accountUrl}"${where}>${words.settings}</a>`;
  return html`<form method="post" action="${accountUrl}"${where}><input type="hidden" name="clientId" value="${String(clientId)}">${button(words.settings)}</form>`;
}

function settingsButton(world: World, path: string, module: Module): Html {
  if (world.behaviour.settingsIn === "tab") return settingsWay(world, module, null);
  return html`<a class="button" href="${path}/settings">${pageWords(world.language).settings}</a>`;
}

const callbackRow = ({ about, url, status }: SentCallback, words: PageWords): Html =>
  html`<li>${about} ${url} (${status ?? words.noAnswer})</li>`;

function told(world: World, words: PageWords): Html {
  const rows = world.callbacks.sent.map((sent) => callbackRow(sent, words));
  return rows.length === 0 ? html`` : html`<h2>${words.callbacks}</h2><ul>${rows}</ul>`;
}

function wishes({ answer }: Card, words: PageWords): Html {
  if (answer === null) return html``;
  if (answer.config === null) return html`<p role="alert">${words.noConfig}</p>`;
  return html`<p>${words.asks}</p><ul>${answer.config.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>`;
}

/** The page of one module in the marketplace. */
export function cardBody(world: World, card: Card): Html {
  const words = pageWords(world.language);
  const path = `${CARDS}${card.code}`;
  const connect = card.module === null ? words.connect : words.connectAgain;
  return html`<h1>${card.name}</h1><p id="standing">${standing(card.module, words)}</p>${wishes(card, words)}
${card.canConnect ? html`<form method="post" action="${path}/connect">${button(connect)}</form>` : null}
${card.module === null ? null : html`${settingsButton(world, path, card.module)}${switches(path, card.module, words)}`}
${told(world, words)}`;
}

/** The page that holds the module's settings page in a frame. */
export function frameBody(world: World, module: Module): Html {
  const isPosted = world.behaviour.settingsBy === "post";
  const src = isPosted ? null : html` src="${String(module.fields.accountUrl)}"`;
  return html`<h1>${String(module.fields.name)}</h1>${isPosted ? settingsWay(world, module, "module") : null}
<iframe name="module" title="${String(module.fields.name)}"${src}></iframe>`;
}
