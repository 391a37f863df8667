import { Command } from "commander";
import { createBotApi } from "../api/bot.ts";
import { ApiError } from "../api/errors.ts";
import { STATUS_ADDRESS, STATUS_TOKEN, WHOLE_PROGRAM } from "../app.ts";
import { systemLookup } from "../connection/address.ts";
import { listCommands, namesOf, PUBLISHED } from "../connection/commands.ts";
import { connectionId } from "../connection/record.ts";
import { crmWith, type Registration, readAccess } from "../connection/register.ts";
import { registrationSentence } from "../connection/sentences.ts";
import type { QueueCounts, Store } from "../store/store.ts";
import type { JsonObject } from "../types/json.ts";
import { accountOf, openToRead } from "./known-record.ts";
import type { ConfigOption } from "./loading.ts";
import { type ModuleDesk, withModule } from "./module-state.ts";
import { quietLog } from "./quiet-log.ts";
import { noModule } from "./sentences.ts";
import { print, type Run, type World } from "./world.ts";

export const statusCommand = (act: (run: Run<ConfigOption>) => (options: ConfigOption) => Promise<void>): Command =>
  new Command("status").description("module, commands, socket and queues").action(act(status));

/** Asks the CRM, the running program and the store, each for what it knows. 3 when the CRM can't be reached or refuses. */
const status: Run<ConfigOption> = (world, option) =>
  withModule(world, { ...option, keeps: false }, async (desk) => {
    const store = await openToRead(desk.settings);
    try {
      const registration = await moduleState(desk);
      const { language, module } = desk.settings;
      const says = registration === null ? noModule(module.code) : registrationSentence(registration, desk.crmUrl);
      const rows = [
        ["module", `${module.code}: ${says[language]}`],
        ["commands", await commandsState(world, desk, { store, registration })],
        ...programRows(store === null ? null : await askProgram(world, store)),
        ["queues", await queuesState(desk, store)],
      ];
      print(world.output, rows.map(([name = "", text = ""]) => `${name.padEnd(10)}${text}`).join("\n"));
      const kind = registration?.kind ?? "registered";
      return kind === "unreachable" || kind === "refused" || kind === "not_a_crm" ? 3 : 0;
    } finally {
      await store?.close();
    }
  });

const FEW = { attempts: 2 };

/** How the module stands; null: there is none. */
function moduleState({ crm, record, settings }: ModuleDesk): Promise<Registration | null> {
  return readAccess({ crm: crmWith(crm, FEW), record, module: settings.module, lookup: systemLookup });
}

async function commandsState(
  world: World,
  desk: ModuleDesk,
  { store, registration }: { store: Store | null; registration: Registration | null },
): Promise<string> {
  if (registration?.kind !== "registered") return "not known";
  const { gatewayUrl, token } = registration;
  const { clock, random } = world;
  const api = createBotApi({ endpointUrl: gatewayUrl, token, clock, random, log: quietLog() });
  try {
    const found = Object.keys(await listCommands((call) => api.request(call, FEW)));
    const published = store === null ? [] : namesOf(await store.fact(idOf(desk), PUBLISHED));
    const ours = found.filter((name) => published.includes(name));
    const foreign = found.filter((name) => !published.includes(name));
    return `${slashed(ours)}${foreign.length === 0 ? "" : `; not ours: ${slashed(foreign)}`}`;
  } catch (error) {
    if (error instanceof ApiError) return `not known (${error.message})`;
    throw error;
  } finally {
    api.close();
  }
}

const slashed = (names: readonly string[]) =>
  names.length === 0 ? "none" : names.map((name) => `/${name}`).join(", ");

const idOf = ({ settings }: ModuleDesk) => connectionId(accountOf(settings));

const PATIENCE_MS = 3_000;

/** What the running program says of its one connection; null: it does not answer. */
async function askProgram({ fetch }: World, store: Store): Promise<JsonObject | null> {
  const token = await store.fact(WHOLE_PROGRAM, STATUS_TOKEN);
  const address = await store.fact(WHOLE_PROGRAM, STATUS_ADDRESS);
  if (typeof token !== "string" || typeof address !== "string") return null;
  try {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}/status`, {
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) return null;
    const { connections } = (await answer.json()) as { connections?: readonly JsonObject[] };
    return connections?.[0] ?? null;
  } catch {
    return null;
  }
}

function programRows(connection: JsonObject | null): readonly (readonly string[])[] {
  if (connection === null) return [["program", "not running"]];
  const { bot, socket } = connection as { bot: JsonObject | null; socket: JsonObject | null };
  const socketText =
    socket === null
      ? "closed"
      : `${socket.state} since ${socket.since}${socket.reason === null ? "" : ` (${socket.reason})`}`;
  return [
    ["program", "running"],
    ["bot", bot === null ? "not connected" : `${bot.name} (#${bot.id})`],
    ["socket", socketText],
  ];
}

async function queuesState(desk: ModuleDesk, store: Store | null): Promise<string> {
  if (store === null) return "not known";
  const counts: QueueCounts = await store.counts(idOf(desk));
  const { inbox, outbox, unknown, waitingRuns } = counts;
  return `${inbox} events to decide, ${outbox} calls to send, ${unknown} unsure, ${waitingRuns} waiting runs`;
}
