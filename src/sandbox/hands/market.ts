import type { Stage } from "../stage.ts";
import type { ModuleOffer } from "../world/market-rows.ts";
import type { Module } from "../world/rows.ts";
import type { World } from "../world/world.ts";
import { callActivity, callSettings, type Lie, sendCallback } from "./callback.ts";
import { type CardAnswer, connectInOneStep, type OneStepOutcome, openCard, type Tampering } from "./one-step.ts";

export interface Releasing {
  /** Default "as_sent". */
  readonly order?: "as_sent" | "reversed";
  /** How often each is sent. Default 1. */
  readonly times?: number;
}

/** The marketplace, and what the CRM tells modules. All of it throws RangeError for modules that are not there. */
export interface MarketHands {
  /** Puts a module on the marketplace, in place of one with the same code. */
  offerModule(offer: ModuleOffer): void;
  /** The card of a module for one-step connection is opened: the CRM asks its configuration address. */
  openCard(code: string): Promise<CardAnswer>;
  /** "Connect" is pressed there: the CRM makes a key and posts `register`. What is in `tampering` is sent instead of the truth. */
  connectInOneStep(code: string, tampering?: Tampering): Promise<OneStepOutcome>;
  /** The `activity` callback of a registered module, true or with a lie in it. */
  sendActivity(code: string, lie?: Lie): Promise<void>;
  /** The `settings` callback with all of the account's settings. */
  sendSettings(code: string, lie?: Lie): Promise<void>;
  /** From now on callbacks wait in `world.callbacks.held`. */
  holdCallbacks(): void;
  /** Sends what was held back, one after the other, and holds back no longer. */
  releaseCallbacks(how?: Releasing): Promise<void>;
}

const CODE = /^[A-Za-z0-9_-]+$/;

function checkOffer({ code, formUrl, oneStep }: ModuleOffer): void {
  if (!CODE.test(code)) throw new RangeError("code: letters, digits, _ and -");
  for (const url of oneStep == null ? [formUrl] : [formUrl, oneStep.configUrl]) {
    if (!/^https?:/.test(url) || !URL.canParse(url)) throw new RangeError(`no web address: ${url}`);
  }
}

function registered(world: World, code: string): Module {
  const module = world.modules.get(code);
  if (module === undefined) throw new RangeError(`no module ${code}`);
  return module;
}

async function release(stage: Stage, { order = "as_sent", times = 1 }: Releasing): Promise<void> {
  const { callbacks } = stage.world;
  const waiting = callbacks.held ?? [];
  callbacks.held = null;
  for (const callback of order === "reversed" ? waiting.toReversed() : waiting) {
    for (let count = 0; count < times; count += 1) await sendCallback(stage, callback);
  }
}

export function createMarketHands(stage: Stage): MarketHands {
  const { world } = stage;
  return {
    offerModule(offer) {
      checkOffer(offer);
      world.offers.set(offer.code, offer);
    },
    openCard: (code) => openCard(world, code),
    connectInOneStep: (code, tampering = {}) => connectInOneStep(world, code, tampering),
    sendActivity: async (code, lie = {}) => callActivity(stage, registered(world, code), lie),
    sendSettings: async (code, lie = {}) => callSettings(stage, registered(world, code), { lie }),
    holdCallbacks() {
      world.callbacks.held ??= [];
    },
    releaseCallbacks: (how = {}) => release(stage, how),
  };
}
