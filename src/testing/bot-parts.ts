import { createReferenceCache } from "../api/reference-cache.ts";
import type { Context, Link } from "../connection/context.ts";
import { createDeciding, type Decided } from "../connection/deciding/deciding.ts";
import { createFetch, type Fetch } from "../connection/deciding/fetch.ts";
import { createQueues, type Queues } from "../connection/deciding/queues.ts";
import { accountHours } from "../connection/directory/account-hours.ts";
import { createDirectory } from "../connection/directory/directory.ts";
import { refreshDirectory } from "../connection/directory/refresh.ts";
import type { Lane } from "../connection/lanes/lanes.ts";
import { createMutex } from "../connection/lanes/mutex.ts";
import { createOrderTries } from "../connection/look-up/order-tries.ts";
import { createNewestMessages } from "../connection/performing/newest-messages.ts";
import { createPerforming } from "../connection/performing/performing.ts";
import { newRecord } from "../connection/registering/record.ts";
import { likelyCountries } from "../language/answers/country.ts";
import { parseHours } from "../language/hours/hours-parse.ts";
import type { Log } from "../log.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import type { Hours } from "../types/hours.ts";
import type { Json } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Account } from "./account.ts";
import { createTestCrm, type TestCrm } from "./crm.ts";
import { createGatewayLink, type Sent } from "./gateway.ts";
import type { TestScene } from "./scene.ts";
import { createTestServices, type ServiceCall } from "./services.ts";

export interface PartsOptions {
  readonly account: Account;
  readonly scene: TestScene;
  readonly rulebook: Rulebook;
  readonly log: Log;
  readonly onDecision: (decided: Decided) => void;
  readonly onSent: (sent: Sent) => void;
  readonly onService: (call: ServiceCall) => void;
}

/** A connection's parts, as the running bot puts them together, without socket and network. */
export interface BotParts {
  readonly connectionId: string;
  readonly store: Store;
  /** Does what can be done in a lane now: first its calls, then its events. */
  work(chatId: number | null): Promise<void>;
}

const SHOP = { crmUrl: "https://shop.example", moduleCode: "rulebot" };
/** A call takes this long: what it does is not of the same moment as what it answers. */
const CALL_MS = 1;

export async function createBotParts(options: PartsOptions): Promise<BotParts> {
  const { account, rulebook, scene } = options;
  const store = await openStore(":memory:", { clock: account.clock });
  const record = { ...newRecord(SHOP), botId: account.bot().id };
  await store.addConnection(record);
  await store.saveRules(rulebook.rules);
  const crm = createTestCrm(account.stage.world, scene.crm.answers ?? true);
  const link = linkOf(options);
  const context = contextOf(options, { store, connectionId: record.id, link });
  await learnAccount(options, context, { crm, link });
  const queues = context.queues;
  const decide = createDeciding({
    ...context,
    fetch: fetchFor(options, context, crm),
    onDecision: options.onDecision,
    timersChanged: () => {},
    forget: async (chatIds) => store.forgetChats(record.id, chatIds, options.account.clock.now()),
    settled: queues.settled,
  });
  const perform = createPerforming(context);
  const lanes = new Map<number | null, Lane>();
  const laneOf = (chatId: number | null): Lane => {
    const lane = lanes.get(chatId) ?? { chatId, exclusive: createMutex().run };
    lanes.set(chatId, lane);
    return lane;
  };
  return {
    connectionId: record.id,
    store,
    async work(chatId) {
      await perform(laneOf(chatId));
      await decide(laneOf(chatId));
    },
  };
}

function linkOf({ account, onSent }: PartsOptions): Link {
  const { stage, clock, bot } = account;
  const link = createGatewayLink({ stage, bot, onSent });
  return {
    ...link,
    send(call, turn) {
      clock.pass(CALL_MS);
      return link.send(call, turn);
    },
  };
}

type TestContext = Context & { readonly queues: Queues };

function contextOf(
  { account, rulebook, log }: PartsOptions,
  { store, connectionId, link }: { readonly store: Store; readonly connectionId: string; readonly link: Link },
): TestContext {
  const context: Context = {
    connectionId,
    store,
    clock: account.clock,
    log,
    random: () => 0,
    newest: createNewestMessages(),
    directory: createDirectory(store, connectionId, () => queues.look()),
    rulebook: () => rulebook,
    link: () => link,
    wake: () => {},
  };
  const queues = createQueues(context);
  return { ...context, queues };
}

/** People, channels, bots and hours, as the bot reads them when it starts. */
async function learnAccount(
  { scene, rulebook, log }: PartsOptions,
  { store, connectionId, directory }: Context,
  { crm, link }: { readonly crm: TestCrm; readonly link: Link },
): Promise<void> {
  await refreshDirectory({
    ask: link.ask,
    crmUsers: async () => (await crm.users()) as unknown as Json,
    store,
    connectionId,
    log,
    since: null,
    exclusive: (_chatId, task) => task(),
  });
  await directory.load(link.bot);
  const hours = declaredHours(scene) ?? (await accountHours({ crm, log }, rulebook, new AbortController().signal));
  if (hours !== null) directory.keepHours(hours);
}

function declaredHours({ crm }: TestScene): Hours | null {
  return crm.hours === undefined || crm.hours === "crm" ? null : parseHours(crm.hours).hours;
}

function fetchFor(
  { account, scene, rulebook, log, onService }: PartsOptions,
  { store, connectionId, clock }: Context,
  crm: TestCrm,
): Fetch {
  return createFetch({
    connectionId,
    store,
    clock: account.clock,
    log,
    outside: createTestServices(scene.http, onService),
    crm,
    reference: createReferenceCache({ crm, clock }),
    tries: createOrderTries(store, connectionId),
    country: () => likelyCountries(rulebook)[0] ?? null,
  });
}
