import { USUAL_SCOPES } from "../world/seed.ts";
import type { World } from "../world/world.ts";
import { standing } from "./card.ts";
import { type Html, html } from "./html.ts";
import { CARDS, HOME, KEYS, SETTINGS } from "./paths.ts";
import { type PageWords, pageWords } from "./words.ts";

const STYLE = `body{font:1rem/1.5 sans-serif;max-width:50rem;margin:0 auto;padding:1rem}
form{display:inline-block;margin:.25rem}.button,button{display:inline-block;padding:.5rem 1rem;border:1px solid;color:inherit;
background:none;font:inherit;text-decoration:none}iframe{width:100%;height:40rem}label{display:block}`;

/** A whole page of the account. */
export function page(world: World, title: string, body: Html): string {
  const words = pageWords(world.language);
  const { host } = new URL(world.urls.crm);
  return html`<!DOCTYPE html><html lang="${world.language.toLowerCase()}"><head><meta charset="utf-8"><title>${title} - ${host}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${{ markup: STYLE }}</style></head><body>
<nav><a href="${HOME}">${words.account} ${host}</a> <a href="${KEYS}">${words.keys}</a></nav><main>${body}</main></body></html>`
    .markup;
}

/** Every module that is offered or connected, by code. */
function rows(world: World, words: PageWords): readonly Html[] {
  const codes = new Set([...world.offers.keys(), ...world.modules.keys()]);
  return [...codes].map((code) => {
    const module = world.modules.get(code) ?? null;
    const name = String(world.offers.get(code)?.name ?? module?.fields.name ?? code);
    return html`<li><a href="${CARDS}${code}">${name}</a>: ${standing(module, words)}</li>`;
  });
}

const LANGUAGES = ["EN", "ES", "RU"] as const;

function settingsForm(world: World, words: PageWords): Html {
  const choices = LANGUAGES.map(
    (one) => html`<option${world.language === one ? html` selected` : null}>${one}</option>`,
  );
  return html`<h2>${words.settings}</h2><form method="post" action="${SETTINGS}">
<label>${words.timezone} <input name="timezone" value="${world.timezone}" required></label>
<label>${words.language} <select name="language">${choices}</select></label><button type="submit">${words.save}</button></form>`;
}

/** The account's first page; modules send people back to it. */
export function homeBody(world: World): Html {
  const words = pageWords(world.language);
  const modules = rows(world, words);
  return html`<h1>${words.account} ${world.urls.crm}</h1><h2>${words.modules}</h2>
${modules.length === 0 ? html`<p>${words.noModules}</p>` : html`<ul>${modules}</ul>`}${settingsForm(world, words)}`;
}

/** Where the owner makes API keys. `made` is shown once. */
export function keysBody(world: World, made: string | null): Html {
  const words = pageWords(world.language);
  const scopes = USUAL_SCOPES.map(
    (scope) => html`<label><input type="checkbox" name="scope_${scope}" value="1" checked> ${scope}</label>`,
  );
  return html`<h1>${words.keys}</h1>
${made === null ? null : html`<p>${words.newKey}: <output><code>${made}</code></output></p>`}
<form method="post" action="${KEYS}"><fieldset><legend>${words.permissions}</legend>${scopes}</fieldset>
<button type="submit">${words.makeKey}</button></form>`;
}

/** The module did not take the account. */
export function refusalBody(world: World, code: string, errorMsg: string): Html {
  const words = pageWords(world.language);
  return html`<h1>${words.refused}</h1><p role="alert">${errorMsg}</p><a class="button" href="${CARDS}${code}">${words.back}</a>`;
}
