import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { Json } from "../../types/json.ts";
import { type Ask, listAll } from "../directory/pages.ts";

/** Name of the fact that holds which commands we once published: only these may be deleted. */
export const PUBLISHED = "published_commands";

/** Slash commands by name with their descriptions. */
export type Commands = Readonly<Record<string, string>>;

export interface CommandChanges {
  readonly put: readonly string[];
  readonly remove: readonly string[];
  /** Found there, neither declared nor ever published by us: somebody else's, left alone. */
  readonly foreign: readonly string[];
}

/** What has to be done so that the declared commands stand there. Ours are the ones we published; a declared name that
 *  somebody else took becomes ours, since the staff would otherwise see a description that is not the file's. */
export function compareCommands(declared: Commands, found: Commands, published: readonly string[]): CommandChanges {
  const names = Object.keys(declared);
  return {
    put: names.filter((name) => found[name] !== declared[name]),
    remove: published.filter((name) => !Object.hasOwn(declared, name) && Object.hasOwn(found, name)),
    foreign: Object.keys(found).filter((name) => !Object.hasOwn(declared, name) && !published.includes(name)),
  };
}

export interface CommandsOptions {
  readonly ask: Ask;
  readonly store: Pick<Store, "fact" | "saveFact">;
  readonly connectionId: string;
  readonly log: Log;
}

/** Commands of this bot as the gateway holds them. */
export async function listCommands(ask: Ask): Promise<Commands> {
  const rows = await listAll(ask, "listCommands", {});
  return Object.fromEntries(rows.map(({ name, description }) => [String(name), String(description ?? "")]));
}

/** Brings the published commands in line with the declared ones. Rejects when something failed, with the rest done: the caller
 *  tries again later, which is harmless. What we are about to publish is remembered first, so that a crash in between leaves
 *  no command that we don't know to be ours. */
export async function syncCommands(options: CommandsOptions, declared: Commands): Promise<CommandChanges> {
  const { ask, store, connectionId } = options;
  const published = namesOf(await store.fact(connectionId, PUBLISHED));
  const changes = compareCommands(declared, await listCommands(ask), published);
  const ours = [...new Set([...published, ...Object.keys(declared)])];
  if (ours.length > published.length) await store.saveFact(connectionId, PUBLISHED, ours);
  const failures: unknown[] = [];
  const attempt = async (name: string, task: Promise<Json>) => {
    await task.catch((error) => failures.push(error));
    options.log.debug({ command: name }, "command synchronised");
  };
  for (const name of changes.put) await attempt(name, ask(putCommand(name, declared[name] ?? "")));
  for (const name of changes.remove) await attempt(name, ask(deleteCommand(name)));
  if (failures.length > 0) throw failures[0];
  await store.saveFact(connectionId, PUBLISHED, Object.keys(declared));
  return changes;
}

export function namesOf(fact: Json): readonly string[] {
  return Array.isArray(fact) ? fact.filter((name): name is string => typeof name === "string") : [];
}

const putCommand = (name: string, description: string) => ({
  operation: "createOrUpdateCommand",
  path: { command_name: name },
  query: {},
  body: { name, description },
});

const deleteCommand = (name: string) => ({
  operation: "deleteCommand",
  path: { command_name: name },
  query: {},
  body: null,
});
