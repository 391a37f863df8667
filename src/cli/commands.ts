import { Command, Option } from "commander";
import type { CheckOptions } from "./check.ts";
import type { ConfigOption } from "./loading.ts";
import type { BackupCommandOptions } from "./operation/backup.ts";
import type { ForgetOptions } from "./operation/forget.ts";
import type { PauseOptions } from "./operation/pause.ts";
import type { RemoveOptions } from "./operation/remove.ts";
import type { StartOptions } from "./start.ts";
import type { TryOptions } from "./trying/try.ts";
import type { Run } from "./world.ts";

/** Makes what commander calls of what a command does. */
export type Act = <Options>(run: Run<Options>) => (options: Options) => Promise<void>;

/** Every command with its options. What one does is loaded when it is asked for: each needs another part of the program. */
export const COMMANDS: readonly ((act: Act) => Command)[] = [
  ...[start, check, register, unregister, status, tryOut],
  ...[pause, resume, forget, remove, backup],
];

/** A command that is loaded when it runs. */
const later =
  <Options>(load: () => Promise<Run<Options>>): Run<Options> =>
  async (world, options) =>
    (await load())(world, options);

function start(act: Act): Command {
  return new Command("start")
    .description("run the bot; with no CRM configured, in a sandbox that one can type into")
    .option("--no-watch", "do not reload when the files change (SIGHUP still does)")
    .action(act(later<StartOptions>(async () => (await import("./start.ts")).start)));
}

function check(act: Act): Command {
  return new Command("check")
    .description("all faults and warnings of the files")
    .option("--online", "also check names, rights, hours and order statuses against the account")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "github"]).default("text"))
    .action(act(later<CheckOptions>(async () => (await import("./check.ts")).check)));
}

function register(act: Act): Command {
  return new Command("register")
    .description("register the module in the CRM, and switch it on if it was switched off")
    .action(act(later<ConfigOption>(async () => (await import("./register.ts")).registerByHand)));
}

function unregister(act: Act): Command {
  return new Command("unregister")
    .description("switch the module off in the CRM, which can't delete it")
    .action(act(later<ConfigOption>(async () => (await import("./unregister.ts")).unregister)));
}

function status(act: Act): Command {
  return new Command("status")
    .description("module, commands, socket and queues")
    .action(act(later<ConfigOption>(async () => (await import("./status.ts")).status)));
}

function pause(act: Act): Command {
  const run = act(later<PauseOptions>(async () => (await import("./operation/pause.ts")).pause));
  return new Command("pause")
    .description("silence the bot, in one account or in all, until it is resumed")
    .argument("[connection]", CONNECTION)
    .action((connection: string | undefined, options: ConfigOption) => run({ ...options, connection }));
}

function resume(act: Act): Command {
  const run = act(later<PauseOptions>(async () => (await import("./operation/pause.ts")).resume));
  return new Command("resume")
    .description("let the bot go on where it was paused")
    .argument("[connection]", CONNECTION)
    .action((connection: string | undefined, options: ConfigOption) => run({ ...options, connection }));
}

function forget(act: Act): Command {
  return new Command("forget")
    .description("remove everything that is stored of a customer")
    .requiredOption("--customer <number>", "the customer's number in the chats")
    .option("--connection <name>", CONNECTION)
    .action(act(later<ForgetOptions>(async () => (await import("./operation/forget.ts")).forget)));
}

function remove(act: Act): Command {
  const run = act(later<RemoveOptions>(async () => (await import("./operation/remove.ts")).remove));
  return new Command("remove")
    .description("remove an account that connected by itself, with all that is stored of it, and switch its module off")
    .argument("<connection>", "the account's whole host")
    .action((connection: string, options: ConfigOption) => run({ ...options, connection }));
}

function backup(act: Act): Command {
  const run = act(later<BackupCommandOptions>(async () => (await import("./operation/backup.ts")).backup));
  return new Command("backup")
    .description("save a checked copy of the store, also while the bot runs")
    .argument("<file>", "where it goes")
    .option("--force", "replace the file if it is there")
    .action((file: string, options: ConfigOption) => run({ ...options, file }));
}

const CONNECTION = "the account's host, or a part of it that no other has; default: all accounts";

function tryOut(act: Act): Command {
  const run = act(later<TryOptions & { text: string }>(async () => (await import("./trying/try.ts")).tryOut));
  return new Command("try")
    .description("what would happen to one message, and why; nothing is sent or kept")
    .argument("<text>", "what the customer writes, or with --command what a manager types")
    .option("--command", "the text is a manager's command, with or without its slash")
    .option(
      "--channel <name>",
      "a kind of messenger (telegram, whatsapp, instagram, ...) or a channel's name",
      "telegram",
    )
    .option("--at <time>", 'when, in the time zone of the file, such as "2026-11-20 12:55"; default: now')
    .option("--set <name>", "the rule set; default: the one bound to the file's account, else the shared rules")
    .addOption(new Option("--tag <name>", "a tag of the dialog; may be repeated").argParser(listed).default([], "none"))
    .addOption(
      new Option("--answer <text>", "what the customer writes next, a second later; may be repeated")
        .argParser(listed)
        .default([], "none"),
    )
    .action((text: string, options: TryOptions) => run({ ...options, text }));
}

const listed = (value: string, before: readonly string[]) => [...before, value];
