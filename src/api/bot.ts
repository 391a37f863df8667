import type { Json, JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import { botRequest } from "./bot-request.ts";
import { botApiUrl } from "./endpoint.ts";
import { createHttp, type RequestOptions } from "./http/http.ts";
import type { HttpOptions, UploadedFile } from "./http/request.ts";
import { createPace } from "./pace/pace.ts";
import { objectOf, rowsOf } from "./shape.ts";

/** Requests per second when the settings say nothing (`bot.requests_per_second`). */
const REQUESTS_PER_SECOND = 5;
const BURST_SECONDS = 2;
const PARALLEL = 4;

export interface BotApiOptions
  extends Pick<HttpOptions, "clock" | "random" | "log" | "limits" | "network" | "onOutcome"> {
  /** From the registration; with or without `/api/bot/v1`. */
  readonly endpointUrl: string;
  readonly token: string;
  /** Default 5; twice as many may go at once after a rest. */
  readonly requestsPerSecond?: number;
}

/** The gateway's REST side for one connection. Every rejection is an ApiError. Source: Bot API v1. */
export interface BotApi {
  /** Makes one call and gives the answer's body; null where the answer is empty. `file` is for `uploadFile` alone. */
  request(call: Call, options?: RequestOptions & { readonly file?: UploadedFile }): Promise<Json>;
  /** Stores a file with the gateway; its `id` is what a message's `items` take. */
  uploadFile(file: UploadedFile, options?: RequestOptions): Promise<JsonObject>;
  /** The calling bot as the gateway knows it (`id`, `name`, `roles`, ...); null when the gateway shows none. */
  self(options?: RequestOptions): Promise<JsonObject | null>;
  /** One page of messages; its order is not promised. */
  listMessages(query: JsonObject, options?: RequestOptions): Promise<readonly JsonObject[]>;
  close(): void;
}

/** Throws ApiError when `endpointUrl` is not a web address. */
export function createBotApi(options: BotApiOptions): BotApi {
  const { endpointUrl, token, requestsPerSecond = REQUESTS_PER_SECOND, clock } = options;
  const pace = createPace({
    perSecond: requestsPerSecond,
    burst: requestsPerSecond * BURST_SECONDS,
    parallel: PARALLEL,
    clock,
  });
  const http = createHttp({
    ...options,
    baseUrl: botApiUrl(endpointUrl),
    secretHeaders: { "X-Bot-Token": token.trim() },
    pace,
  });
  const request: BotApi["request"] = async (call, { file, ...requestOptions } = {}) =>
    http.request(botRequest(call, file ?? null), requestOptions);

  return {
    request,
    async uploadFile(file, requestOptions) {
      return objectOf(await request(plainCall("uploadFile", {}), { ...requestOptions, file }));
    },
    async self(requestOptions) {
      const bots = rowsOf(await request(plainCall("listBots", { self: true }), requestOptions));
      return bots.find((bot) => bot.is_self === true) ?? null;
    },
    async listMessages(query, requestOptions) {
      return rowsOf(await request(plainCall("listMessages", query), requestOptions));
    },
    close: http.close,
  };
}

const plainCall = (operation: string, query: JsonObject): Call => ({ operation, path: {}, query, body: null });
