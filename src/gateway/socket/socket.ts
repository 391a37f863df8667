import { type ClientOptions, WebSocket } from "ws";
import { failureWords } from "../../api/http/network-failure.ts";
import type { Network } from "../../api/network.ts";
import type { Clock } from "../../clock.ts";
import { createFate, type Ending, type Fate, LOST } from "./fate.ts";
import { type LivenessLimits, watchLiveness } from "./liveness.ts";
import { type Opening, readRefusal } from "./refusal.ts";

export interface SocketLimits extends LivenessLimits {
  readonly handshakeMs: number;
  /** How long the peer may take to agree to our close before the connection is cut. */
  readonly closeMs: number;
  readonly maxFrameBytes: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  handshakeMs: 10_000,
  closeMs: 2_000,
  pingEveryMs: 15_000,
  patienceMs: 10_000,
  lagMs: 1_000,
  maxFrameBytes: 1024 * 1024,
};

/** One frame as it came: text, or the bytes of a binary one. */
export type Frame = string | Uint8Array;

export interface SocketOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  readonly limits: SocketLimits;
  /** What may be connected to; left out: the operator vouches for the address. */
  readonly network?: Network | undefined;
  onFrame(frame: Frame): void;
}

/** One websocket, from dialling to its end. Neither promise rejects; both settle. */
export interface Socket {
  readonly opening: Promise<Opening>;
  readonly ended: Promise<Ending>;
  /** Closes it in good order, or gives up dialling. Harmless when it has ended. */
  close(): void;
}

/** Opens one websocket with the token in its header. Source: Bot API, websocket events; reliability.md F3-F16. */
export function openSocket(options: SocketOptions): Socket {
  const fate = createFate(options);
  const ws = dial(options);
  if (ws instanceof Error) {
    fate.failed(failureWords(ws));
    fate.over(LOST, "");
    return { opening: fate.opening, ended: fate.ended, close() {} };
  }
  attend(ws, fate, options);
  return {
    opening: fate.opening,
    ended: fate.ended,
    close() {
      fate.blame("ours");
      if (ws.readyState === WebSocket.CONNECTING) ws.terminate();
      else ws.close(1000);
    },
  };
}

function dial(options: SocketOptions): WebSocket | Error {
  try {
    return new WebSocket(options.url, clientOptions(options));
  } catch (error) {
    return error instanceof Error ? error : new Error("the socket cannot be made");
  }
}

/** Throws when the address must not be called. `closeTimeout` is known to ws 8.19 and later, not yet to its types. */
function clientOptions({ url, token, limits, network }: SocketOptions): ClientOptions & { closeTimeout: number } {
  return {
    ...network?.connectOptions(new URL(url)),
    headers: { "X-Bot-Token": token.trim() },
    closeTimeout: limits.closeMs,
    maxPayload: limits.maxFrameBytes,
    // A compressed frame could unpack into a huge one; official clients use no compression either.
    perMessageDeflate: false,
    followRedirects: false,
  };
}

/** Turns what ws tells into the socket's fate. */
function attend(ws: WebSocket, fate: Fate, { clock, limits, onFrame }: SocketOptions): void {
  const end = (cause: Ending["cause"]) => {
    fate.blame(cause);
    // Never close(): on a half-open socket it takes 30 s to notice.
    ws.terminate();
  };
  // ws has a limit of its own, but for silence: a peer that drips a byte now and then would outlast it.
  const cancelHandshake = clock.after(limits.handshakeMs, () => {
    fate.failed(`the handshake took longer than ${limits.handshakeMs} ms`);
    end("lost");
  });
  ws.on("open", () => {
    cancelHandshake();
    const liveness = watchLiveness({ clock, limits, ping: () => ping(ws), onDead: () => end("dead") });
    for (const sign of ["message", "ping", "pong"] as const) ws.on(sign, liveness.seen);
    ws.on("close", liveness.stop);
    fate.opened();
  });
  ws.on("message", (data: Buffer, isBinary: boolean) => onFrame(isBinary ? data : data.toString("utf8")));
  ws.on("unexpected-response", async (_request, response) => {
    fate.refused(await readRefusal(response, clock.now()));
    end("lost");
  });
  ws.on("error", (error: Error & { code?: string }) => {
    if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") fate.blame("oversized");
    fate.failed(failureWords(error));
  });
  ws.on("close", (code, reason) => {
    cancelHandshake();
    fate.over(code, reason.toString("utf8"));
  });
}

function ping(ws: WebSocket): void {
  if (ws.readyState === WebSocket.OPEN) ws.ping();
}
