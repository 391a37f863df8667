import { readMoment } from "../../language/moment.ts";
import { createSecretKeeper } from "../../log.ts";
import type { Event } from "../../types/event.ts";
import { type ConfigOption, loadSound } from "../loading.ts";
import { ownRules, rulesOfSet } from "../own-rules.ts";
import { badMoment, ofSet, unknownCommand, unknownSet } from "../sentences.ts";
import { print, type Run } from "../world.ts";
import { tryLines } from "./lines.ts";
import { commandEvent, customerEvent, type Scene, trialState } from "./scene.ts";
import { playTalk } from "./talk.ts";

export interface TryOptions extends ConfigOption {
  readonly command?: boolean;
  readonly channel?: string;
  readonly at?: string;
  readonly set?: string;
  readonly tag: readonly string[];
  readonly answer: readonly string[];
}

/** The first message of a new dialog, and the customer's next ones, decided by the same engine as in the running bot. */
export const tryOut: Run<TryOptions & { text: string }> = async (world, options) => {
  const loaded = await loadSound(world, options);
  if (loaded === null) return 1;
  const { language, settings } = loaded;
  const rules = options.set === undefined ? ownRules(settings, loaded) : rulesOfSet(options.set, loaded);
  if (rules === null) {
    print(world.errors, unknownSet(options.set ?? "", Object.keys(loaded.ruleSets))[language]);
    return 2;
  }
  const { rulebook } = rules;
  const at = options.at === undefined ? world.clock.now() : readMoment(options.at, settings.timezone)?.toMillis();
  if (at === undefined) {
    print(world.errors, badMoment(options.at ?? "")[language]);
    return 2;
  }
  const channel = options.channel ?? "telegram";
  const scene = { at, channel, tags: options.tag, rulebook, botName: settings.module.name, language };
  const event = firstEvent(options, scene);
  if ("unknown" in event) {
    print(world.errors, unknownCommand(event.unknown, Object.keys(rulebook.commands))[language]);
    return 2;
  }
  const turns = playTalk({ rulebook, state: trialState(scene), event, now: at }, options.answer);
  const head = rules.name === null ? [] : [ofSet(rules.name)[language]];
  print(world.output, cleaned([...head, ...tryLines(turns)].join("\n"), loaded.secrets));
  return 0;
};

/** The customer's message or the manager's command; `unknown` is the name of a command that is not declared. */
function firstEvent(
  { command = false, text }: Pick<TryOptions, "command"> & { readonly text: string },
  scene: Scene,
): Event | { readonly unknown: string } {
  if (!command) return customerEvent(scene, text);
  const line = text.startsWith("/") ? text : `/${text}`;
  const name = line.slice(1).split(/\s/u)[0] ?? "";
  return Object.hasOwn(scene.rulebook.commands, name.toLowerCase()) ? commandEvent(scene, line) : { unknown: name };
}

/** The text without the secrets of the files: a rule may send one to another service. */
function cleaned(text: string, secrets: readonly string[]): string {
  const keeper = createSecretKeeper();
  for (const secret of secrets) keeper.add(secret);
  return keeper.clean(text);
}
