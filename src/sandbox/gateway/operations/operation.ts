import type { operations } from "../../../generated/bot-api.ts";
import type { Bot } from "../../world/rows.ts";
import type { World } from "../../world/world.ts";

/** Every operation of the Bot API but the upgrade of the socket, which the hub serves. */
export type HttpOperation = Exclude<keyof operations, "webSocketConnection">;

type Content<Part> = Part extends { content: infer Kinds } ? Kinds[keyof Kinds] : never;

/** One valid request. The types are those made from the API's description; a multipart body is what `form.ts` read. */
export interface Request<Id extends HttpOperation> {
  readonly world: World;
  /** Whose token came with it. */
  readonly bot: Bot;
  readonly params: NonNullable<operations[Id]["parameters"]["path"]>;
  readonly query: NonNullable<operations[Id]["parameters"]["query"]>;
  readonly body: Content<operations[Id]["requestBody"]>;
  readonly upload: Upload | null;
  /** Lets something happen; its events leave before or after the answer, as the account is set. */
  act<Result>(happen: (world: World, now: number) => Result): Result;
}

/** The file of a multipart form. */
export interface Upload {
  readonly bytes: Buffer;
  readonly mime: string;
}

/** Answers one request, or throws Refusal. */
export type Handler<Id extends HttpOperation> = (request: Request<Id>) => Content<operations[Id]["responses"][200]>;

export type Handlers<Ids extends HttpOperation = HttpOperation> = { readonly [Id in Ids]: Handler<Id> };
