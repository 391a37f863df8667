import type { components } from "../../generated/bot-api.ts";
import type { ChannelSettings } from "./abilities.ts";

export type Schemas = components["schemas"];

/** Someone who can write: `id` is unique within its type only. */
export interface Author {
  readonly type: Schemas["ActorType"];
  readonly id: number;
}

/** Rows of the account. Every row is replaced, never changed, so a row once read stays as it was. Moments are Unix ms. */
export interface Person {
  readonly id: number;
  /** CRM user id; the gateway shows it as text. */
  readonly crmId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly username: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly active: boolean;
  readonly online: boolean;
  readonly available: boolean;
  readonly technical: boolean;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

export interface Bot {
  readonly id: number;
  readonly clientId: string;
  readonly name: string;
  readonly avatarUrl: string;
  readonly active: boolean;
  readonly roles: readonly Schemas["Role"][];
  readonly createdAt: number;
  readonly updatedAt: number | null;
  readonly deactivatedAt: number | null;
}

/** A key of the CRM's API. An older key has no scopes, but methods: their paths without the version. */
export interface ApiKey {
  readonly key: string;
  readonly scopes: readonly string[];
  readonly methods: readonly string[];
  /** Codes of the shops it reaches; null: all. */
  readonly sites: readonly string[] | null;
  /** Code of the module for which the CRM made it (one-step connection); null: the owner made it. */
  readonly madeFor: string | null;
}

/** An integration module of the CRM; `fields` are as last written. One with `mgBot` owns a bot and its token. */
export interface Module {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly active: boolean;
  readonly freeze: boolean;
  readonly botId: number | null;
  readonly token: string | null;
}

export interface Channel {
  readonly id: number;
  readonly type: Schemas["ChannelType"];
  readonly name: string;
  readonly active: boolean;
  readonly settings: ChannelSettings;
  readonly replyWindowMs: number | null;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

export interface Customer {
  readonly id: number;
  readonly channelId: number;
  readonly externalId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: string | null;
  readonly country: string | null;
  readonly blocked: boolean;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

export interface Chat {
  readonly id: number;
  readonly customerId: number;
  readonly channelId: number;
  readonly createdAt: number;
  readonly updatedAt: number | null;
  readonly lastActivityAt: number;
  readonly replyDeadlineAt: number | null;
  readonly unread: number;
  readonly lastMessageId: number | null;
  readonly lastUserMessageId: number | null;
}

export interface Charge {
  readonly type: Schemas["ResponsibleType"];
  readonly id: number;
  readonly assignedAt: number;
}

export interface Dialog {
  readonly id: number;
  readonly chatId: number;
  /** The bot named when it was opened over the API. */
  readonly botId: number | null;
  readonly beginMessageId: number | null;
  readonly endingMessageId: number | null;
  readonly responsible: Charge | null;
  readonly tags: readonly Schemas["Tag"][];
  readonly createdAt: number;
  readonly updatedAt: number | null;
  readonly closedAt: number | null;
}

/** A file as a message carries it. */
export type Attachment = Schemas["MessageFile"] & { id: string; kind: Schemas["FileType"] };

export interface Message {
  readonly id: number;
  readonly chatId: number;
  readonly dialogId: number | null;
  readonly type: Schemas["MessageType"];
  readonly scope: "public" | "private";
  readonly status: Schemas["MessageStatus"];
  readonly from: Author | null;
  readonly content: string | null;
  readonly items: readonly Attachment[];
  readonly note: string | null;
  readonly order: Schemas["MessageOrder"] | null;
  readonly product: Schemas["MessageProduct"] | null;
  readonly quoteId: number | null;
  readonly attachments: Schemas["MessageTransportAttachments"] | null;
  /** System messages only. */
  readonly action: Schemas["SystemAction"] | null;
  readonly responsible: Author | null;
  readonly user: Author | null;
  readonly error: Schemas["MessageError"] | null;
  readonly read: boolean;
  readonly edited: boolean;
  readonly editedAt: number | null;
  readonly deleted: boolean;
  readonly mass: boolean;
  readonly createdAt: number;
  readonly updatedAt: number | null;
  readonly channelSentAt: number | null;
}

export interface Command {
  readonly id: number;
  readonly botId: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

/** An uploaded file, or one known by its address only (`bytes` null). */
export interface StoredFile {
  readonly id: string;
  readonly kind: Schemas["FileType"];
  readonly mime: string;
  readonly size: number;
  readonly bytes: Buffer | null;
  readonly sourceUrl: string | null;
  readonly transcription: string | null;
  readonly transcriptionStatus: Schemas["FileTranscriptionStatus"] | null;
}

export interface Member {
  readonly id: number;
  readonly chatId: number;
  readonly userId: number;
  readonly author: boolean;
  readonly state: Schemas["ChatMemberState"];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Sent over `/notifications/send`. */
export interface Notification {
  readonly type: string;
  readonly message: string;
  readonly userGroups: readonly string[];
}
