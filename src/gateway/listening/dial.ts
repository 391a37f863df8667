import type { ConnectGate } from "../connect-gate.ts";
import { type Frame, openSocket, type Socket, type SocketOptions } from "../socket/socket.ts";
import { socketUrl } from "../socket/socket-url.ts";

/** Where to listen and to what. `endpointUrl` and `token` are the registration's. */
export interface Target {
  readonly endpointUrl: string;
  readonly token: string;
  readonly events: readonly string[];
}

/** An open socket and what it was opened for. */
export interface Line {
  readonly target: Target;
  readonly socket: Socket;
  hasEnded(): boolean;
  /** Frames are held until this is called: the owner learns that a socket is open before it gets what comes over it. */
  hear(): void;
}

/** One try to open a socket. */
export type Dialled =
  | { readonly outcome: "open"; readonly line: Line }
  | { readonly outcome: "refused"; readonly refusal: Refusal }
  | { readonly outcome: "failed"; readonly reason: string; readonly retryAfterMs: number | null };

/** The gateway does not accept the token: HTTP status of the upgrade (401, 403) and the server's words. */
export interface Refusal {
  readonly status: number;
  readonly errors: readonly string[];
}

export interface DialOptions extends Omit<SocketOptions, "url" | "token"> {
  readonly gate: ConnectGate;
  onFrame(frame: Frame): void;
}

export interface Dialler {
  /** Waits for its turn at the host, then opens one socket. After `hangUp` every try fails. */
  dial(target: Target): Promise<Dialled>;
  /** Ends every socket, open or being opened; resolves when all are gone. */
  hangUp(): Promise<void>;
}

/** Opens sockets and knows all that are not yet gone, so that none outlives the listener (reliability.md F10, F11). */
export function createDialler({ gate, onFrame, ...socketOptions }: DialOptions): Dialler {
  const sockets = new Set<Socket>();
  const stopping = new AbortController();

  const open = async (target: Target): Promise<Dialled> => {
    const url = socketUrl(target.endpointUrl, target.events);
    await gate.pass(new URL(url).host, stopping.signal);
    // Our turn and the order to stop can come in the same moment.
    stopping.signal.throwIfAborted();
    const holder = createHolder(onFrame);
    const socket = openSocket({ ...socketOptions, url, token: target.token, onFrame: holder.take });
    sockets.add(socket);
    let hasEnded = false;
    socket.ended.then(() => {
      hasEnded = true;
      sockets.delete(socket);
    });
    const opening = await socket.opening;
    const line: Line = { target, socket, hasEnded: () => hasEnded, hear: holder.open };
    if (opening.outcome === "open") return { outcome: "open", line };
    return opening.outcome === "refused" ? { outcome: "refused", refusal: opening } : opening;
  };

  return {
    async dial(target) {
      try {
        return await open(target);
      } catch (error) {
        // An address that is none, or the listener was stopped while waiting for its turn.
        const reason = error instanceof Error ? error.message : "stopped";
        return { outcome: "failed", reason, retryAfterMs: null };
      }
    },
    async hangUp() {
      stopping.abort();
      const all = [...sockets];
      for (const socket of all) socket.close();
      await Promise.all(all.map((socket) => socket.ended));
    },
  };
}

/** Keeps frames, in order, until it is opened; then lets them through. */
function createHolder(onFrame: (frame: Frame) => void) {
  let held: Frame[] | null = [];
  return {
    take(frame: Frame) {
      if (held) held.push(frame);
      else onFrame(frame);
    },
    open() {
      const frames = held ?? [];
      held = null;
      for (const frame of frames) onFrame(frame);
    },
  };
}
