import { createBotApi } from "../../api/bot.ts";
import { type CrmApi, createCrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import { systemLookup } from "../../api/inside.ts";
import { type Ask, listAll } from "../../connection/directory/pages.ts";
import { crmWith, type Registration, readAccess } from "../../connection/registering/register.ts";
import { registrationSentence } from "../../connection/registering/sentences.ts";
import { botsFrom, channelsFrom, peopleFrom } from "../../engine/documents.ts";
import type { Credentials } from "../../generated/crm-api.ts";
import { crmHours } from "../../language/hours/crm-hours.ts";
import type { AccountNames } from "../../rulebook/account-names.ts";
import type { Hours } from "../../types/hours.ts";
import type { Sentence } from "../../types/issue.ts";
import type { Json } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Settings } from "../../types/settings.ts";
import { knownRecord } from "../known-record.ts";
import { quietLog } from "../quiet-log.ts";
import type { World } from "../world.ts";
import { needsAccountHours } from "./hours.ts";
import { needsStatuses, type OrderStatus } from "./statuses.ts";

/** Who and what the account has. `complete` false: the module is not active, so bots and channels are not known. */
interface Staff extends AccountNames {
  readonly complete: boolean;
}

export interface Account extends Staff {
  /** Rights of the API key; null: the CRM did not say. */
  readonly credentials: Credentials | null;
  /** The account's working hours; null: no rule asks for them, or the CRM did not say. */
  readonly hours: Hours | null;
  /** The statuses of its orders; null: no rule asks for them, or the CRM did not say. */
  readonly statuses: readonly OrderStatus[] | null;
}

/** A person waits for the answer: an account that does not answer twice does not answer. */
const FEW = { attempts: 2 };

/** Reads what the rules need to be checked against; changes nothing in the account. */
export async function askAccount(
  world: World,
  settings: Settings,
  rulebook: Rulebook,
): Promise<Account | { readonly refusal: Sentence }> {
  const { crm: account } = settings;
  if (account === null) throw new TypeError("no account is configured");
  const common = { clock: world.clock, random: world.random, log: quietLog() };
  const crm = createCrmApi({ ...account, ...common });
  try {
    const record = await knownRecord(settings);
    const access = await readAccess({ crm: crmWith(crm, FEW), record, module: settings.module, lookup: systemLookup });
    if (access !== null && isRefusal(access)) return { refusal: registrationSentence(access, account.url) };
    const users = (await crm.users(FEW).catch(() => [])) as unknown as Json;
    const facts = await readFacts(crm, rulebook);
    if (access === null || access.kind !== "registered") return { ...fromCrm(users), ...facts };
    const api = createBotApi({ endpointUrl: access.gatewayUrl, token: access.token, ...common });
    try {
      return { ...(await fromGateway((call) => api.request(call, FEW), users)), ...facts };
    } catch (error) {
      if (error instanceof ApiError) return { ...fromCrm(users), ...facts };
      throw error;
    } finally {
      api.close();
    }
  } finally {
    crm.close();
  }
}

/** What the CRM itself tells, as far as the rules need it. What it does not tell is null. */
async function readFacts(crm: CrmApi, rulebook: Rulebook): Promise<Omit<Account, keyof Staff>> {
  const credentials = await crm.credentials(FEW).catch(() => null);
  const settings = needsAccountHours(rulebook) ? await crm.settings(FEW).catch(() => null) : null;
  const statuses = needsStatuses(rulebook) ? await crm.statuses(FEW).catch(() => null) : null;
  return {
    credentials,
    hours: settings === null ? null : crmHours(settings as unknown as Json),
    statuses: statuses?.map(({ code, name, group }) => ({ code, name, group: String(group) })) ?? null,
  };
}

const isRefusal = ({ kind }: Registration) =>
  kind === "unreachable" || kind === "refused" || kind === "not_a_crm" || kind === "moved";

async function fromGateway(ask: Ask, users: Json): Promise<Staff> {
  return {
    people: peopleFrom([...(await listAll(ask, "listUsers", {}))], users),
    bots: botsFrom([...(await listAll(ask, "listBots", {}))]),
    channels: channelsFrom([...(await listAll(ask, "listChannels", {}))]),
    complete: true,
  };
}

/** The CRM's own users as people: enough to check names and e-mails. */
function fromCrm(users: Json): Staff {
  const rows = Array.isArray(users) ? users : [];
  const asPeople = rows.map((row) => {
    const { id, firstName, lastName } = row as { id?: Json; firstName?: Json; lastName?: Json };
    return { id: id ?? null, external_id: String(id), first_name: firstName ?? null, last_name: lastName ?? null };
  });
  return { people: peopleFrom(asPeople, users), bots: [], channels: [], complete: false };
}
