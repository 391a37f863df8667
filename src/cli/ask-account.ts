import { createBotApi } from "../api/bot.ts";
import { createCrmApi } from "../api/crm.ts";
import { ApiError } from "../api/errors.ts";
import { type Ask, listAll } from "../connection/directory/pages.ts";
import { systemLookup } from "../connection/registering/address.ts";
import { crmWith, type Registration, readAccess } from "../connection/registering/register.ts";
import { registrationSentence } from "../connection/registering/sentences.ts";
import { botsFrom, channelsFrom, peopleFrom } from "../engine/documents.ts";
import type { Credentials } from "../generated/crm-api.ts";
import type { Sentence } from "../types/issue.ts";
import type { Json } from "../types/json.ts";
import type { Settings } from "../types/settings.ts";
import type { Bot, Channel, Person } from "../types/state.ts";
import { knownRecord } from "./known-record.ts";
import { quietLog } from "./quiet-log.ts";
import type { World } from "./world.ts";

/** Who and what the account has. `complete` false: the module is not active, so bots and channels are not known. */
export interface AccountNames {
  readonly people: readonly Person[];
  readonly bots: readonly Bot[];
  readonly channels: readonly Channel[];
  readonly complete: boolean;
  /** Rights of the API key; null: the CRM did not say. */
  readonly credentials: Credentials | null;
}

/** A person waits for the answer: an account that does not answer twice does not answer. */
const FEW = { attempts: 2 };

/** Reads the names of the account; changes nothing there. */
export async function askAccount(
  world: World,
  settings: Settings,
): Promise<AccountNames | { readonly refusal: Sentence }> {
  const { crm: account } = settings;
  if (account === null) throw new TypeError("no account is configured");
  const common = { clock: world.clock, random: world.random, log: quietLog() };
  const crm = createCrmApi({ ...account, ...common });
  try {
    const record = await knownRecord(settings);
    const access = await readAccess({ crm: crmWith(crm, FEW), record, module: settings.module, lookup: systemLookup });
    if (access !== null && isRefusal(access)) return { refusal: registrationSentence(access, account.url) };
    const users = (await crm.users(FEW).catch(() => [])) as unknown as Json;
    const credentials = await crm.credentials(FEW).catch(() => null);
    if (access === null || access.kind !== "registered") return { ...fromCrm(users), complete: false, credentials };
    const api = createBotApi({ endpointUrl: access.gatewayUrl, token: access.token, ...common });
    try {
      return { ...(await fromGateway((call) => api.request(call, FEW), users)), credentials };
    } catch (error) {
      if (error instanceof ApiError) return { ...fromCrm(users), complete: false, credentials };
      throw error;
    } finally {
      api.close();
    }
  } finally {
    crm.close();
  }
}

const isRefusal = ({ kind }: Registration) =>
  kind === "unreachable" || kind === "refused" || kind === "not_a_crm" || kind === "moved";

async function fromGateway(ask: Ask, users: Json): Promise<Omit<AccountNames, "credentials">> {
  return {
    people: peopleFrom([...(await listAll(ask, "listUsers", {}))], users),
    bots: botsFrom([...(await listAll(ask, "listBots", {}))]),
    channels: channelsFrom([...(await listAll(ask, "listChannels", {}))]),
    complete: true,
  };
}

/** The CRM's own users as people: enough to check names and e-mails. */
function fromCrm(users: Json): Omit<AccountNames, "complete" | "credentials"> {
  const rows = Array.isArray(users) ? users : [];
  const asPeople = rows.map((row) => {
    const { id, firstName, lastName } = row as { id?: Json; firstName?: Json; lastName?: Json };
    return { id: id ?? null, external_id: String(id), first_name: firstName ?? null, last_name: lastName ?? null };
  });
  return { people: peopleFrom(asPeople, users), bots: [], channels: [] };
}
