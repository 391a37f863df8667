import type { Json } from "../../types/json.ts";
import type { Bot } from "../../types/state.ts";
import { type Ask, readCall, rowsOf } from "./pages.ts";

/** Who we are at the gateway. Without it our own echoes could not be told from other bots, so nothing is listened to
 *  before (docs/decisions/010-catch-up.md). Null: the gateway shows no such bot. */
export async function whoAmI(ask: Ask): Promise<Bot | null> {
  const answer: Json = await ask(readCall("listBots", { self: true }));
  const own = rowsOf(answer).find((row) => row.is_self === true) ?? null;
  if (own === null || typeof own.id !== "number") return null;
  return { id: own.id, name: typeof own.name === "string" ? own.name : "" };
}

/** Tells the gateway the bot's name and, if the file gives them, its roles. */
export function introduce(ask: Ask, { name, roles }: { name: string; roles: readonly string[] | null }): Promise<Json> {
  const body = roles === null ? { name } : { name, roles };
  return ask({ operation: "updateBot", path: {}, query: {}, body });
}
