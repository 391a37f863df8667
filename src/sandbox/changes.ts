import type { Chat, Command, Dialog, Message, Module, Notification, Person } from "./world/rows.ts";

/** One event of the socket. `mass`: from a mailing, for sockets that asked for them only. */
export interface Frame {
  readonly type: string;
  readonly meta: { readonly timestamp: number };
  readonly data: unknown;
  readonly mass: boolean;
}

/** One HTTP request as it was received. `body` and `status` are filled when it has been read and answered. */
export interface RequestRecord {
  readonly server: "crm" | "gateway";
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly at: number;
  /** A CRM key was in the query: allowed by the service, never done by a careful client. */
  readonly keyInQuery: boolean;
  body: unknown;
  status: number | null;
}

/** Everything that happens to the stand-in, for tests that await it and for the terminal that prints it. */
export type Change =
  | { readonly kind: "request" | "answered"; readonly request: RequestRecord }
  | { readonly kind: "fault"; readonly fault: string; readonly path: string }
  | { readonly kind: "chat_created"; readonly chat: Chat }
  | { readonly kind: "chat_deleted"; readonly chatId: number }
  | { readonly kind: "message"; readonly message: Message }
  | {
      readonly kind: "message_changed";
      readonly what: "status" | "edited" | "deleted" | "restored";
      readonly message: Message;
    }
  | { readonly kind: "dialog_opened" | "dialog_closed" | "assigned" | "unassigned"; readonly dialog: Dialog }
  | { readonly kind: "tag_added" | "tag_removed"; readonly dialog: Dialog; readonly tag: string }
  | { readonly kind: "joined" | "left"; readonly chatId: number; readonly userId: number }
  | { readonly kind: "person"; readonly person: Person }
  | { readonly kind: "bot"; readonly botId: number }
  | { readonly kind: "customer"; readonly customerId: number }
  | { readonly kind: "channel"; readonly channelId: number }
  | { readonly kind: "command_set" | "command_deleted"; readonly command: Command }
  | { readonly kind: "module_registered" | "module_changed"; readonly module: Module }
  | { readonly kind: "callback"; readonly url: string; readonly status: number | null }
  /** A browser asked for a page of the account. `path` is without the query. */
  | { readonly kind: "page"; readonly method: string; readonly path: string }
  | { readonly kind: "notification"; readonly notification: Notification }
  | {
      readonly kind: "socket_opened";
      readonly socketId: number;
      readonly botId: number;
      readonly events: readonly string[];
    }
  | { readonly kind: "socket_closed"; readonly socketId: number; readonly code: number }
  /** A pong has proved that the frames of these new messages arrived (`Behaviour.pingMs`). */
  | { readonly kind: "reached"; readonly socketId: number; readonly messageIds: readonly number[] }
  | { readonly kind: "socket_refused"; readonly status: number | null };
