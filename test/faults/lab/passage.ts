import type { Socket } from "node:net";

/** A direction of bytes through the proxy. The client is the bot. */
export type Way = "to_client" | "to_server";

/** One connection through the proxy. */
export interface Passage {
  /** Unix ms. */
  readonly openedAt: number;
  /** An event socket (its first bytes ask for the upgrade), or plain HTTP. */
  isSocket(): boolean;
  /** When the client ended its side, in whichever manner (Unix ms); null: it has not. */
  clientLeftAt(): number | null;
  /** From now on the bytes of this direction vanish, farewells and resets included, and no one is told. */
  drop(way: Way | "both"): void;
  /** Bytes of both directions arrive this much later, in order. */
  delay(ms: number): void;
  /** Lets exactly so many more bytes pass in a direction, then resets both ends. */
  cutAfter(bytes: number, way: Way): void;
  /** Resets both ends. */
  reset(): void;
  /** The server's end is reset; the client's stays open and is told nothing: half-open. */
  loseServer(): void;
  /** Writes bytes that the other end never sent. */
  inject(bytes: Uint8Array, way: Way): void;
}

/** What is being done to one direction. */
interface Lane {
  readonly from: Socket;
  readonly to: Socket;
  dropping: boolean;
  /** Bytes that may still pass before the cut; null: no cut. */
  left: number | null;
  delayMs: number;
  /** When the last delayed piece is due, so that none overtakes it. */
  lastDue: number;
}

const lane = (from: Socket, to: Socket): Lane => ({ from, to, dropping: false, left: null, delayMs: 0, lastDue: 0 });

/** Joins two sockets. Both must allow half-open ends, so that a farewell passes as one. */
export function join(client: Socket, server: Socket, onGone: () => void): Passage {
  const lanes = { to_server: lane(client, server), to_client: lane(server, client) };
  let isSocket = false;
  let leftAt: number | null = null;
  const left = () => {
    leftAt ??= Date.now();
  };
  const reset = () => {
    for (const end of [client, server]) end.resetAndDestroy();
  };
  client.once("data", (first: Buffer) => {
    isSocket = /\r\nupgrade: websocket/i.test(first.toString("latin1"));
  });
  client.once("end", left);
  client.once("close", () => {
    left();
    onGone();
  });
  for (const one of Object.values(lanes)) carry(one, reset);
  return {
    openedAt: Date.now(),
    isSocket: () => isSocket,
    clientLeftAt: () => leftAt,
    drop(way) {
      for (const one of way === "both" ? Object.values(lanes) : [lanes[way]]) one.dropping = true;
    },
    delay(ms) {
      for (const one of Object.values(lanes)) one.delayMs = ms;
    },
    cutAfter(bytes, way) {
      lanes[way].left = bytes;
      if (bytes === 0) reset();
    },
    reset,
    loseServer() {
      for (const one of Object.values(lanes)) one.dropping = true;
      server.resetAndDestroy();
    },
    inject: (bytes, way) => void lanes[way].to.write(bytes),
  };
}

/** Moves the bytes, the farewell and the reset of one direction. */
function carry(one: Lane, reset: () => void): void {
  const { from, to } = one;
  from.on("data", (chunk: Buffer) => {
    if (one.dropping) return;
    const { left } = one;
    const kept = left === null ? chunk : chunk.subarray(0, left);
    const isCut = left !== null && kept.length === left;
    if (left !== null) one.left = left - kept.length;
    later(one, () => {
      if (isCut) to.write(kept, reset);
      else if (!to.write(kept)) holdUp(from, to);
    });
  });
  from.on("end", () => {
    if (!one.dropping) later(one, () => to.end());
  });
  from.on("error", () => {
    if (!one.dropping) later(one, () => to.resetAndDestroy());
  });
  from.on("close", () => {
    if (!one.dropping && !to.destroyed) later(one, () => to.end());
  });
}

/** A reader that is slower than the writer slows it down. */
function holdUp(from: Socket, to: Socket): void {
  from.pause();
  to.once("drain", () => from.resume());
}

function later(one: Lane, task: () => void): void {
  const now = Date.now();
  const due = Math.max(now + one.delayMs, one.lastDue);
  one.lastDue = due;
  if (due <= now) {
    task();
    return;
  }
  setTimeout(() => {
    if (!one.dropping) task();
  }, due - now).unref();
}
