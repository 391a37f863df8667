import type { JsonObject } from "../../types/json.ts";
import type { Directory } from "../../types/state.ts";
import type { Parts, Present } from "./serving-parts.ts";

/** How a connection is doing, as plain data: ids, counts and states, no secrets, no customer's words. */
export async function servingStatus({ options, present, intake, catchUp, context, names }: Parts): Promise<JsonObject> {
  const { store, connectionId } = options;
  const { link, rulebook } = present;
  const counts = await store.counts(connectionId).catch(() => null);
  return {
    bot: link === null ? null : { id: link.bot.id, name: link.bot.name },
    socket: socketStatus(present),
    frames: { ...intake.counts() },
    catch_up: catchUp.status(),
    queues: counts === null ? null : { ...counts },
    waiting: waitingByTeam(context.directory.current().queue),
    commands: {
      declared: Object.keys(rulebook.commands),
      foreign: [...(present.commands?.last()?.foreign ?? [])],
    },
    rules: { version: rulebook.version, count: rulebook.rules.length, unknown_names: [...names.unknown()] },
  };
}

/** How many dialogs wait for each team. */
function waitingByTeam(queue: Directory["queue"]): JsonObject {
  const teams = [...new Set(queue.map(({ team }) => team))];
  return Object.fromEntries(teams.map((name) => [name, queue.filter(({ team }) => team === name).length]));
}

function socketStatus({ session, trouble }: Present): JsonObject | null {
  const listener = session?.listener() ?? null;
  if (listener === null) return trouble === null ? null : notYet(trouble);
  const { name, since, until, reason } = listener.state();
  return {
    state: name,
    since: moment(since),
    until: until === null ? null : moment(until),
    reason,
    opened: listener.counts().opened,
    events: [...listener.events()],
  };
}

const notYet = ({ since, reason }: NonNullable<Present["trouble"]>): JsonObject => ({
  state: "waiting",
  since: moment(since),
  until: null,
  reason,
  opened: 0,
  events: [],
});

const moment = (at: number) => new Date(at).toISOString();
