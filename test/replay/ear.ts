import { WebSocket } from "ws";
import type { Sandbox } from "../../src/sandbox/index.ts";

/** A second listener of the bot's own events, which outlives it: what it heard, raw and in order. */
export interface Ear {
  readonly frames: readonly string[];
  close(): void;
}

export async function openEar(
  sandbox: Sandbox,
  { token, events, onFrame }: { readonly token: string; readonly events: readonly string[]; onFrame(): void },
): Promise<Ear> {
  const url = `${sandbox.gatewayUrl.replace("http", "ws")}/api/bot/v1/ws?events=${events.join(",")}`;
  const socket = new WebSocket(url, { headers: { "x-bot-token": token } });
  const frames: string[] = [];
  socket.on("message", (raw) => {
    frames.push(String(raw));
    onFrame();
  });
  socket.on("error", () => {});
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return { frames, close: () => socket.terminate() };
}
