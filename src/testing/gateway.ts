import { ApiError } from "../api/errors.ts";
import type { Link } from "../connection/context.ts";
import { OPERATIONS, type OperationId } from "../generated/bot-operations.ts";
import { handlers } from "../sandbox/gateway/operations/index.ts";
import type { Handler, HttpOperation } from "../sandbox/gateway/operations/operation.ts";
import { validateRequest } from "../sandbox/http/validation.ts";
import type { Stage } from "../sandbox/stage.ts";
import { Refusal } from "../sandbox/world/refusal.ts";
import type { Bot } from "../sandbox/world/rows.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";

/** One call that changed something, or was to, and how it ended. */
export interface Sent {
  readonly call: Call;
  /** Null: it was done; else the gateway's words. */
  readonly refusal: string | null;
}

export interface GatewayOptions {
  readonly stage: Stage;
  /** Whose token it is. */
  readonly bot: () => Bot;
  readonly onSent: (sent: Sent) => void;
}

/** The way to the sandbox's gateway without a network: the same operations, checked against the same description. */
export function createGatewayLink({ stage, bot, onSent }: GatewayOptions): Link {
  const ask = async (call: Call) => answer(stage, bot(), call);
  return {
    bot: { id: bot().id, name: bot().name },
    ask,
    refused: () => {},
    async send(call, { atTurn }) {
      await atTurn();
      try {
        const body = answer(stage, bot(), call);
        onSent({ call, refusal: null });
        return body;
      } catch (error) {
        if (error instanceof ApiError) onSent({ call, refusal: error.errors.join("; ") });
        throw error;
      }
    },
  };
}

/** Rejects with ApiError, as the client does over HTTP. */
function answer(stage: Stage, bot: Bot, call: Call): Json {
  const id = call.operation as OperationId;
  if (!Object.hasOwn(OPERATIONS, id) || !Object.hasOwn(handlers, id))
    throw refused(call, new Refusal(404, ["not found"]));
  const parts = { params: { ...call.path }, query: written(call.query), body: call.body };
  const handler: Handler<never> = handlers[id as HttpOperation];
  try {
    validateRequest(id, parts);
    const whole = { ...parts, world: stage.world, bot, upload: null, act: stage.act };
    // The description has just been met: from here on the types made from it are true.
    const body: unknown = handler(whole as unknown as Parameters<typeof handler>[0]);
    return JSON.parse(JSON.stringify(body));
  } catch (error) {
    if (error instanceof Refusal) throw refused(call, error);
    throw error;
  }
}

/** As a query is written: text, flags as 1 and 0, nothing for null. */
function written(query: JsonObject): Record<string, unknown> {
  const given = Object.entries(query).filter(([, value]) => value !== null);
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? value.map(asText) : asText(value)]),
  );
}

const asText = (value: Json) => String(typeof value === "boolean" ? Number(value) : value);

function refused(call: Call, { status, errors }: Refusal): ApiError {
  const kind = status === 404 ? "not_found" : "bad_request";
  return new ApiError({ kind, status, errors, sent: "no", message: `${call.operation}: ${errors.join("; ")}` });
}
