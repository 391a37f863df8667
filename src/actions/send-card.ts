import { SCHEMAS } from "../generated/bot-operations.ts";
import { splitText } from "../language/text/split.ts";
import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { LookedUpOrder, LookedUpProduct } from "../types/looked-up.ts";
import type { Action, Outcome, Scene } from "./action.ts";
import { orderCard, productCard } from "./cards.ts";
import { checkTemplates, fill, fitTo } from "./fill.ts";
import { afterSpeaking, messageCall, nothing, SAFE_MAX_CHARS, speechless } from "./speech.ts";

type Kind = "product" | "order";

interface CardArgs {
  /** The word alone: the one that was looked up. */
  readonly card: JsonObject | Kind;
}

const SHAPE: Readonly<Record<Kind, JsonObject>> = {
  product: { $ref: "#/$defs/MessageProduct" },
  order: { $ref: "#/$defs/MessageOrder" },
};

function money(cost: Json | undefined): string {
  if (!isObject(cost) || typeof cost.value !== "number") return "";
  return `${cost.value} ${typeof cost.currency === "string" ? cost.currency : ""}`.trim();
}

function words(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The card as text, for channels that show no cards: what it is, its state or price, its address. */
function inWords(kind: Kind, card: JsonObject): string {
  const status = isObject(card.status) ? words(card.status.name) : "";
  const title = kind === "product" ? words(card.name) : `№ ${words(card.number)}`;
  const facts = [title, status, money(card.cost)].filter((fact) => fact !== "").join(" — ");
  return [facts, words(card.url)].filter((line) => line !== "").join("\n");
}

/** The card of what the run has looked up; null: nothing was found. */
function lookedUpCard(kind: Kind, { view }: Scene): Json {
  const found = view[kind] ?? null;
  if (!isObject(found)) return null;
  // What stands in the run under this name was put there by `look_up`, whose answers have these shapes.
  const card = kind === "order" ? orderCard(found as LookedUpOrder) : productCard(found as LookedUpProduct);
  return card as JsonObject;
}

function advance(kind: Kind, args: CardArgs, scene: Scene): Outcome {
  const reason = speechless(scene, "public");
  if (reason !== null) return nothing(reason);
  const card = fitTo(SHAPE[kind], SCHEMAS, isObject(args.card) ? fill(args.card, scene) : lookedUpCard(kind, scene));
  if (!isObject(card)) return nothing("empty");
  if (kind === "product" && (typeof card.id !== "number" || typeof card.name !== "string")) return nothing("empty");
  const state = afterSpeaking(scene.state, scene.now, [], false);
  if (scene.abilities?.canSend[kind] ?? false) {
    return { calls: [{ public: true, call: messageCall(scene, "public", { type: kind, [kind]: card }) }], state };
  }
  const pieces = splitText(inWords(kind, card), scene.abilities?.maxChars ?? SAFE_MAX_CHARS);
  return {
    calls: pieces.map((content) => ({ public: true, call: messageCall(scene, "public", { type: "text", content }) })),
    state,
  };
}

/** Sends a product card; as text where the channel shows no cards. */
export const sendProduct: Action<{ readonly send_product: JsonObject | "product" }, CardArgs> = {
  name: "send_product",
  speaksTo: () => "writer",
  compile(raw, tools) {
    checkTemplates(raw.send_product, ["send_product"], tools);
    return { args: { card: raw.send_product } };
  },
  advance: (args, scene) => advance("product", args, scene),
};

/** Sends an order card; as text where the channel shows no cards. */
export const sendOrder: Action<{ readonly send_order: JsonObject | "order" }, CardArgs> = {
  name: "send_order",
  speaksTo: () => "writer",
  compile(raw, tools) {
    checkTemplates(raw.send_order, ["send_order"], tools);
    return { args: { card: raw.send_order } };
  },
  advance: (args, scene) => advance("order", args, scene),
};
