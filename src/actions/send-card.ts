import { SCHEMAS } from "../generated/bot-operations.ts";
import { splitText } from "../language/split.ts";
import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { Action, Outcome, Scene } from "./action.ts";
import { checkTemplates, fill, fitTo } from "./fill.ts";
import { afterSpeaking, messageCall, nothing, SAFE_MAX_CHARS, speechless } from "./speech.ts";

type Kind = "product" | "order";

interface CardArgs {
  readonly card: JsonObject;
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

function advance(kind: Kind, args: CardArgs, scene: Scene): Outcome {
  const reason = speechless(scene, "public");
  if (reason !== null) return nothing(reason);
  const card = fitTo(SHAPE[kind], SCHEMAS, fill(args.card, scene));
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
export const sendProduct: Action<{ readonly send_product: JsonObject }, CardArgs> = {
  name: "send_product",
  speaksTo: () => "writer",
  compile(raw, tools) {
    checkTemplates(raw.send_product, ["send_product"], tools);
    return { args: { card: raw.send_product } };
  },
  advance: (args, scene) => advance("product", args, scene),
};

/** Sends an order card; as text where the channel shows no cards. */
export const sendOrder: Action<{ readonly send_order: JsonObject }, CardArgs> = {
  name: "send_order",
  speaksTo: () => "writer",
  compile(raw, tools) {
    checkTemplates(raw.send_order, ["send_order"], tools);
    return { args: { card: raw.send_order } };
  },
  advance: (args, scene) => advance("order", args, scene),
};
