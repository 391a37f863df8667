import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Json } from "../../types/json.ts";
import type { ApiErrorKind } from "../errors.ts";
import type { Network } from "../network.ts";
import type { Pace } from "../pace/pace.ts";
import type { CallKind } from "./retry.ts";

/** A file to upload: its name as the receiver sees it, its MIME type and its bytes. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type RequestBody =
  | { readonly as: "json"; readonly value: Json }
  | { readonly as: "form"; readonly fields: Readonly<Record<string, string>> }
  | { readonly as: "file"; readonly file: UploadedFile };

/** One request before it is sent. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with a slash, its parts already encoded. */
  readonly path: string;
  readonly query?: readonly [string, string][];
  readonly body?: RequestBody | null;
  readonly kind: CallKind;
}

/** Time limits of one attempt, and the size of an answer. */
export interface HttpLimits {
  /** Each of: name look-up, TCP connection, TLS. */
  readonly connectMs: number;
  /** Sending the request's body. */
  readonly sendMs: number;
  /** From the request's end to the answer's head, then again to the answer's end. */
  readonly responseMs: number;
  readonly maxAnswerBytes: number;
}

/** Sending takes longest: files are uploaded over slow lines. */
export const DEFAULT_LIMITS: HttpLimits = {
  connectMs: 5_000,
  sendMs: 60_000,
  responseMs: 10_000,
  maxAnswerBytes: 10 * 1024 * 1024,
};

/** How one attempt ended. `status` null: no answer came; `ms` counts from when its turn came. */
export interface RequestOutcome {
  readonly kind: CallKind;
  readonly status: number | null;
  /** Null: it was answered with what was asked for. */
  readonly error: ApiErrorKind | null;
  readonly ms: number;
}

/** Everything one host with one key or token needs. */
export interface HttpOptions {
  /** Address before the path, without a slash at its end. */
  readonly baseUrl: string;
  /** Sent with every request, and never shown: this is where the token is. */
  readonly secretHeaders: Readonly<Record<string, string>>;
  readonly pace: Pace;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** What may be connected to; left out: `baseUrl` is the operator's own word. */
  readonly network?: Network | undefined;
  /** Told of each attempt that came to an end by itself: not of one that we stopped. */
  readonly onOutcome?: ((outcome: RequestOutcome) => void) | undefined;
  /** Whatever is left out is as in DEFAULT_LIMITS. */
  readonly limits?: Partial<HttpLimits>;
}
