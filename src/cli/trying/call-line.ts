import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";
import type { Directory } from "../../types/state.ts";
import type { Say } from "./words.ts";

/** What is needed to put a call into words. */
export interface Teller {
  readonly say: Say;
  readonly directory: Directory;
}

/** One call in plain words: what the customer or the staff would see. May have several lines. */
export function callLine(teller: Teller, call: Call): string {
  const body = call.body ?? {};
  switch (call.operation) {
    case "sendMessage":
      return messageLine(teller, body);
    case "assignDialogResponsible":
      return teller.say("assign", responsibleOf(teller, body));
    case "unassignDialogResponsible":
      return teller.say("unassign");
    case "closeDialog":
      return teller.say("close");
    case "createDialog":
      return teller.say("open");
    case "dialogAddTags":
      return teller.say("tag", tagsOf(body));
    case "dialogDeleteTags":
      return teller.say("untag", tagsOf(body));
    case "editMessage":
      return teller.say("edit", String(body.content ?? ""));
    case "deleteMessage":
      return teller.say("delete");
    case "uploadFileByUrl":
      return teller.say("upload", String(body.url ?? ""));
    default:
      return rawLine(call);
  }
}

function messageLine({ say }: Teller, body: JsonObject): string {
  const type = body.type ?? "text";
  const content = type === "text" ? String(body.content ?? "") : mediaText(body);
  const buttons = titlesOf(say, body.transport_attachments).map((title) => ` [${title}]`);
  return say(body.scope === "private" ? "toStaff" : "toCustomer", `${content}${buttons.join("")}`);
}

/** `<product Pot> caption` */
function mediaText({ type, product, order, note }: JsonObject): string {
  const card = (isObject(product) ? product.name : undefined) ?? (isObject(order) ? order.number : undefined);
  const kind = [type, card].filter((part) => part !== undefined && part !== null).join(" ");
  return [`<${kind}>`, note].filter(Boolean).join(" ");
}

function titlesOf(say: Say, attachments: Json | undefined): readonly string[] {
  const { suggestions } = (isObject(attachments) ? attachments : {}) as { suggestions?: Json };
  return Array.isArray(suggestions) ? suggestions.filter(isObject).map((one) => titleOf(say, one)) : [];
}

/** The messenger itself words a button that shares a phone number or an e-mail. */
function titleOf(say: Say, { type, title }: JsonObject): string {
  if (type === "phone") return say("askForPhone");
  return type === "email" ? say("askForEmail") : String(title ?? "");
}

function responsibleOf({ directory }: Teller, { user_id: userId, bot_id: botId }: JsonObject): string {
  const { people, otherBots, bot } = directory;
  const found =
    userId === undefined ? [bot, ...otherBots].find(({ id }) => id === botId) : people.find(({ id }) => id === userId);
  return found?.name ?? String(userId ?? botId);
}

function tagsOf({ tags }: JsonObject): string {
  const list = Array.isArray(tags) ? tags : [];
  return list.map((tag: Json) => (isObject(tag) ? String(tag.name ?? "") : String(tag))).join(", ");
}

const rawLine = ({ operation, path, query, body }: Call) =>
  `${operation} ${JSON.stringify({ ...path, ...query, ...body })}`;
