import { fileFromUrl } from "../gateway/operations/files.ts";
import type { Stage } from "../stage.ts";
import { addCustomer } from "../world/create.ts";
import { type CustomerChoice, chooseCustomer } from "../world/finding.ts";
import { announceChat, changeMessage, messageFrom, storeMessage } from "../world/messages.ts";
import { type CustomerChange, changeCustomer } from "../world/people.ts";
import type { Attachment, Customer, Message, Schemas } from "../world/rows.ts";
import type { CustomerSeed } from "../world/seed.ts";
import { chatOf, say } from "../world/speaking.ts";
import { nextId, type World } from "../world/world.ts";

/** Anything a customer can send but text. `url` is where a file is; its kind follows from `type`. */
export interface Sending extends CustomerChoice {
  readonly type: "image" | "file" | "audio" | "order" | "product";
  readonly url?: string;
  readonly note?: string;
  readonly order?: Schemas["MessageOrder"];
  readonly product?: Schemas["MessageProduct"];
}

/** What customers and their messengers do. */
export interface CustomerHands {
  /** Writes a text; the first one makes the chat, and opens a dialog where none is open. */
  customerSays(text: string, choice?: CustomerChoice): Message;
  customerSends(sending: Sending): Message;
  customerEdits(messageId: number, text: string): void;
  customerDeletes(messageId: number): void;
  customerRestores(messageId: number): void;
  newCustomer(seed: CustomerSeed): Customer;
  changeCustomer(customerId: number, to: CustomerChange): void;
  /** A message of the messenger itself (author of type `channel`), such as words typed in its own app. */
  channelSays(text: string, choice?: CustomerChoice): Message;
  /** As many messages as texts, stored as if they had come while no one listened: no socket hears of them. */
  customerSaidUnheard(texts: readonly string[], choice?: CustomerChoice): readonly Message[];
}

const DEFAULT_FILE = {
  image: "https://files.example/photo.jpg",
  file: "https://files.example/list.pdf",
  audio: "https://files.example/voice.ogg",
};

function attachment(world: World, type: "image" | "file" | "audio", url: string): Attachment {
  const file = fileFromUrl(world, url);
  const preview = type === "image" ? { preview_url: url } : {};
  return { id: file.id, kind: type, type: file.mime, size: file.size, caption: "", ...preview };
}

function partsOf(world: World, { type, url, note, order, product }: Sending): Partial<Message> {
  const withNote = note === undefined ? {} : { note };
  if (type === "order") return { ...withNote, order: order ?? { number: "4117A" } };
  if (type === "product") return { ...withNote, product: product ?? { id: 40271, name: "Oolong Milk 100 g" } };
  return { ...withNote, items: [attachment(world, type, url ?? DEFAULT_FILE[type])] };
}

function known(world: World, messageId: number): Message {
  const message = world.messages.get(messageId);
  if (message === undefined) throw new RangeError(`no message #${messageId}`);
  return message;
}

type Edit = { what: "edited" | "deleted" | "restored"; to: Partial<Message> };

function change(stage: Stage, messageId: number, edit: Edit): void {
  stage.act((world, now) => {
    const message = changeMessage(world, now, { message: known(world, messageId), ...edit });
    announceChat(world, now, message.chatId);
  });
}

export function createCustomerHands(stage: Stage): CustomerHands {
  const textFrom = (content: string, choice: CustomerChoice, type: "customer" | "channel") =>
    stage.act((world, now) => {
      const customer = chooseCustomer(world, now, choice);
      const chatId = chatOf(world, now, customer).id;
      const from = type === "customer" ? { type, id: customer.id } : { type, id: customer.channelId };
      return say(world, now, { chatId, type: "text", scope: "public", from, content });
    });
  return {
    customerSays: (text, choice = {}) => textFrom(text, choice, "customer"),
    channelSays: (text, choice = {}) => textFrom(text, choice, "channel"),
    customerSends: (sending) =>
      stage.act((world, now) => {
        const customer = chooseCustomer(world, now, sending);
        const chatId = chatOf(world, now, customer).id;
        const from = { type: "customer" as const, id: customer.id };
        return say(world, now, { chatId, type: sending.type, scope: "public", from, ...partsOf(world, sending) });
      }),
    customerEdits: (messageId, content) =>
      change(stage, messageId, { what: "edited", to: { content, edited: true, editedAt: stage.clock.now() } }),
    customerDeletes: (messageId) => change(stage, messageId, { what: "deleted", to: { deleted: true } }),
    customerRestores: (messageId) =>
      change(stage, messageId, { what: "restored", to: { deleted: false, editedAt: stage.clock.now() } }),
    newCustomer: (seed) => stage.act((world, now) => addCustomer(world, now, seed)),
    changeCustomer: (customerId, to) => stage.act((world, now) => changeCustomer(world, now, { customerId, to })),
    customerSaidUnheard: (texts, choice = {}) =>
      stage.hold((world, now) => {
        const customer = chooseCustomer(world, now, choice);
        const chatId = chatOf(world, now, customer).id;
        const from = { type: "customer" as const, id: customer.id };
        const [first, ...rest] = texts;
        if (first === undefined) return [];
        const opening = say(world, now, { chatId, type: "text", scope: "public", from, content: first });
        const { dialogId } = opening;
        const others = rest.map((content) =>
          storeMessage(
            world,
            now,
            messageFrom(
              { chatId, dialogId, type: "text", scope: "public", from, content },
              { id: nextId(world, "message"), now },
            ),
          ),
        );
        return [opening, ...others];
      }).result,
  };
}
