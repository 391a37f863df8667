import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isObject } from "../../types/json.ts";
import type { ServiceOptions } from "../options.ts";
import { formOf } from "../security/forms.ts";
import { type Limits, limitInVain, limitPerClient } from "../security/limits.ts";

type Hint = ServiceOptions["onHint"];
type About = Parameters<Hint>[1];

const LONGEST_ID = 200;
const LONGEST_ADDRESS = 300;

/** The CRM's callbacks (crm-api.md section 5). They are unsigned, so nothing in them is believed: they only make us ask.
 *  The vendor's cloud calls for all its accounts from few addresses, so what an address may send is counted only where it names nobody we
 *  know; calls about an account we know are counted by account. */
export function addCallbacks(server: FastifyInstance, hint: Hint, limits: Limits): void {
  const perClient = limitPerClient(server, limits.callbacks);
  const inVain = limitInVain(server, limits.callbacks);
  const known = createKnown();
  const together = coalesced(hint);
  for (const about of ["activity", "settings"] as const) {
    server.post(`/actions/${about}`, async (request, reply) => {
      const callback = readCallback(request, about);
      if (callback === null) {
        await inVain.count(request);
        return refuse(reply, 400);
      }
      const { clientId, systemUrl } = callback;
      // Somebody who guesses costs the store no more questions.
      if (!known.has(clientId)) await inVain.check(request);
      await perClient(request, clientId);
      if (await together(clientId, about, systemUrl)) {
        known.add(clientId);
        return { success: true };
      }
      known.remove(clientId);
      await inVain.count(request);
      return refuse(reply, 404);
    });
  }
}

/** Clients that were there when they last called. Beyond this many the one that was first is forgotten. */
const MOST_KNOWN = 10_000;

function createKnown() {
  const ids = new Set<string>();
  return {
    has: (id: string) => ids.has(id),
    remove: (id: string) => void ids.delete(id),
    add(id: string) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > MOST_KNOWN && oldest !== undefined) ids.delete(oldest);
    },
  };
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
