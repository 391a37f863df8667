import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isObject } from "../../types/json.ts";
import type { ServiceOptions } from "../options.ts";
import { formOf } from "../security/forms.ts";
import { type Limits, limited, limitPerClient } from "../security/limits.ts";

type Hint = ServiceOptions["onHint"];
type About = Parameters<Hint>[1];

const LONGEST_ID = 200;
const LONGEST_ADDRESS = 300;

/** The CRM's callbacks (crm-api.md section 5). They are unsigned, so nothing in them is believed: they only make us ask. */
export function addCallbacks(server: FastifyInstance, hint: Hint, limits: Limits): void {
  const perClient = limitPerClient(server, limits.callbacks);
  const together = coalesced(hint);
  for (const about of ["activity", "settings"] as const) {
    server.post(`/actions/${about}`, limited(limits.callbacks), async (request, reply) => {
      const callback = readCallback(request, about);
      if (callback === null) return refuse(reply, 400);
      await perClient(request, callback.clientId);
      const isKnown = await together(callback.clientId, about, callback.systemUrl);
      return isKnown ? { success: true } : refuse(reply, 404);
    });
  }
}

const refuse = (reply: FastifyReply, status: number) => reply.code(status).send({ success: false });

interface Callback {
  readonly clientId: string;
  readonly systemUrl: string | null;
}

/** Null: not such a call. What `activity` or `settings` say does not matter, but it has to be what the CRM would send. */
function readCallback({ body }: FastifyRequest, about: About): Callback | null {
  const form = formOf(body);
  const [clientId, told, systemUrl] = [form.get("clientId"), form.get(about), form.get("systemUrl")];
  if (clientId === null || clientId === "" || clientId.length > LONGEST_ID) return null;
  if (systemUrl !== null && systemUrl.length > LONGEST_ADDRESS) return null;
  return told === null || isJsonObject(told) ? { clientId, systemUrl } : null;
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** While one hint about a client is being followed, all further ones together become one more: the last. */
function coalesced(hint: Hint): Hint {
  const running = new Map<string, { readonly done: Promise<boolean>; next: (() => Promise<boolean>) | null }>();
  return (clientId, about, systemUrl) => {
    const key = `${about} ${clientId}`;
    const ask = () => hint(clientId, about, systemUrl);
    const present = running.get(key);
    if (present !== undefined) {
      present.next = ask;
      return present.done;
    }
    const done = ask();
    const entry = { done, next: null as (() => Promise<boolean>) | null };
    running.set(key, entry);
    const after = async (): Promise<void> => {
      const { next } = entry;
      entry.next = null;
      if (next === null) return void running.delete(key);
      await next().catch(() => false);
      await after();
    };
    void done.then(after, after);
    return done;
  };
}
