import { createBotApi } from "../api/bot.ts";
import { ApiError } from "../api/errors.ts";
import { systemLookup } from "../api/inside.ts";
import { listCommands, namesOf, PUBLISHED } from "../connection/registering/commands.ts";
import { connectionId } from "../connection/registering/record.ts";
import { crmWith, type Registration, readAccess } from "../connection/registering/register.ts";
import { registrationSentence } from "../connection/registering/sentences.ts";
import type { ListenerStateName } from "../gateway/listening/keep-open.ts";
import type { QueueCounts, Store } from "../store/store.ts";
import type { Sentence } from "../types/issue.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { Settings } from "../types/settings.ts";
import { accountsStatus } from "./accounts-status.ts";
import { askProgram } from "./ask-program.ts";
import { gapText } from "./gap-text.ts";
import { accountOf, openToRead } from "./known-record.ts";
import { type ConfigOption, loadSettings } from "./loading.ts";
import { type ModuleDesk, withModuleOf } from "./module-state.ts";
import { quietLog } from "./quiet-log.ts";
import { noModule, REGISTERED } from "./sentences.ts";
import { type Say, sayIn } from "./words.ts";
import { type ExitCode, print, type Run, type World } from "./world.ts";

/** Asks the CRM, the running program and the store, each for what it knows. 3 when the CRM can't be reached or refuses. */
export const status: Run<ConfigOption> = async (world, option) => {
  const settings = await loadSettings(world, option);
  if (settings === null) return 1;
  const isForMany = settings.crm === null && settings.service !== null;
  return await (isForMany ? accountsStatus(world, settings) : ownStatus(world, settings));
};

const ownStatus = (world: World, settings: Settings): Promise<ExitCode> =>
  withModuleOf(world, { settings, keeps: false }, async (desk) => {
    const store = await openToRead(desk.settings);
    try {
      const registration = await moduleState(desk);
      const { language, module } = desk.settings;
      const say = sayIn(language);
      const rows: readonly Row[] = [
        ["module", `${module.code}: ${moduleSentence(desk, registration)[language]}`],
        ["commands", await commandsState(world, desk, { store, registration })],
        ...programRows(say, store === null ? null : ((await askProgram(world, desk.settings, store))?.[0] ?? null)),
        ["queues", await queuesState(desk, store)],
      ];
      print(world.output, rows.map(([name, text]) => `${say(name).padEnd(NAME_WIDTH)}${text}`).join("\n"));
      const kind = registration?.kind ?? "registered";
      return kind === "unreachable" || kind === "refused" || kind === "not_a_crm" || kind === "moved" ? 3 : 0;
    } finally {
      await store?.close();
    }
  });

type Row = readonly ["module" | "commands" | "program" | "bot" | "socket" | "gaps" | "names" | "queues", string];

/** Room for the longest name of a row in any language, and a gap. */
const NAME_WIDTH = 12;

const FEW = { attempts: 2 };

/** How the module stands; null: there is none. */
function moduleState({ crm, record, settings }: ModuleDesk): Promise<Registration | null> {
  return readAccess({ crm: crmWith(crm, FEW), record, module: settings.module, lookup: systemLookup });
}

function moduleSentence({ settings, crmUrl }: ModuleDesk, registration: Registration | null): Sentence {
  if (registration === null) return noModule(settings.module.code);
  return registration.kind === "registered" ? REGISTERED : registrationSentence(registration, crmUrl);
}

async function commandsState(
  world: World,
  desk: ModuleDesk,
  { store, registration }: { store: Store | null; registration: Registration | null },
): Promise<string> {
  const say = sayIn(desk.settings.language);
  if (registration?.kind !== "registered") return say("notKnown");
  const { gatewayUrl, token } = registration;
  const { clock, random } = world;
  const api = createBotApi({ endpointUrl: gatewayUrl, token, clock, random, log: quietLog() });
  try {
    const found = Object.keys(await listCommands((call) => api.request(call, FEW))).toSorted();
    const published = store === null ? [] : namesOf(await store.fact(idOf(desk), PUBLISHED));
    const ours = found.filter((name) => published.includes(name));
    const foreign = found.filter((name) => !published.includes(name));
    const none = ours.length === 0 ? say("none") : slashed(ours);
    return foreign.length === 0 ? none : `${none}; ${say("notOurs", slashed(foreign))}`;
  } catch (error) {
    if (error instanceof ApiError) return say("notKnownBecause", error.message);
    throw error;
  } finally {
    api.close();
  }
}

const slashed = (names: readonly string[]) => names.map((name) => `/${name}`).join(", ");

const idOf = ({ settings }: ModuleDesk) => connectionId(accountOf(settings));

function programRows(say: Say, connection: JsonObject | null): readonly Row[] {
  if (connection === null) return [["program", say("notRunning")]];
  const { bot, socket } = connection as { bot: JsonObject | null; socket: JsonObject | null };
  return [
    ["program", say("running")],
    ["bot", bot === null ? say("notConnected") : `${bot.name} (#${bot.id})`],
    ["socket", socket === null ? say("noSocket") : socketText(say, socket)],
    ...gapRows(say, connection),
    ...nameRows(say, connection),
  ];
}

function gapRows(say: Say, { catch_up: status }: JsonObject): readonly Row[] {
  return isObject(status) ? [["gaps", gapText(say, status)]] : [];
}

/** Names in the rules that the account does not have, if there are any. */
function nameRows(say: Say, { rules }: JsonObject): readonly Row[] {
  const { unknown_names: names = [] } = (rules ?? {}) as { unknown_names?: readonly JsonObject[] };
  const told = names.map(({ name, at }) => `${name} (${at})`);
  return told.length === 0 ? [] : [["names", say("unknownNames", told.join(", "))]];
}

const SOCKET_STATES = {
  connecting: "connecting",
  open: "openSince",
  waiting: "waiting",
  refused: "refused",
  stopped: "stoppedSince",
} as const satisfies Record<ListenerStateName, string>;

function socketText(say: Say, { state, since, reason }: JsonObject): string {
  const known = SOCKET_STATES[state as ListenerStateName];
  return `${say(known, String(since))}${reason === null ? "" : ` (${reason})`}`;
}

async function queuesState(desk: ModuleDesk, store: Store | null): Promise<string> {
  const say = sayIn(desk.settings.language);
  if (store === null) return say("notKnown");
  const counts: QueueCounts = await store.counts(idOf(desk));
  const { inbox, outbox, unknown, waitingRuns } = counts;
  return say("counts", ...[inbox, outbox, unknown, waitingRuns].map(String));
}
