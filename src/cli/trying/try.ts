import { Command, Option } from "commander";
import { readMoment } from "../../language/moment.ts";
import { createSecretKeeper } from "../../log.ts";
import type { Event } from "../../types/event.ts";
import { type ConfigOption, loadSound } from "../loading.ts";
import { badMoment, unknownCommand } from "../sentences.ts";
import { print, type Run } from "../world.ts";
import { tryLines } from "./lines.ts";
import { commandEvent, customerEvent, type Scene, trialState } from "./scene.ts";
import { playTalk } from "./talk.ts";

interface TryOptions extends ConfigOption {
  readonly command?: boolean;
  readonly channel?: string;
  readonly at?: string;
  readonly tag: readonly string[];
  readonly answer: readonly string[];
}

export const tryCommand = (
  act: (run: Run<TryOptions & { text: string }>) => (options: TryOptions & { text: string }) => Promise<void>,
): Command =>
  new Command("try")
    .description("what would happen to one message, and why; nothing is sent or kept")
    .argument("<text>", "what the customer writes, or with --command what a manager types")
    .option("--command", "the text is a manager's command, with or without its slash")
    .option(
      "--channel <name>",
      "a kind of messenger (telegram, whatsapp, instagram, ...) or a channel's name",
      "telegram",
    )
    .option("--at <time>", 'when, in the time zone of the file, such as "2026-11-20 12:55"; default: now')
    .addOption(new Option("--tag <name>", "a tag of the dialog; may be repeated").argParser(listed).default([], "none"))
    .addOption(
      new Option("--answer <text>", "what the customer writes next, a second later; may be repeated")
        .argParser(listed)
        .default([], "none"),
    )
    .action((text: string, options: TryOptions) => act(tryOut)({ ...options, text }));

const listed = (value: string, before: readonly string[]) => [...before, value];

/** The first message of a new dialog, and the customer's next ones, decided by the same engine as in the running bot. */
const tryOut: Run<TryOptions & { text: string }> = async (world, options) => {
  const loaded = await loadSound(world, options);
  if (loaded === null) return 1;
  const { rulebook, language, settings } = loaded;
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
  print(world.output, cleaned(tryLines(turns).join("\n"), loaded.secrets));
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
