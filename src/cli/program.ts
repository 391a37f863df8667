import { Command, CommanderError } from "commander";
import { type Act, COMMANDS } from "./commands.ts";
import type { ConfigOption } from "./loading.ts";
import type { ExitCode, Run, World } from "./world.ts";

const DEFAULT_CONFIG = "bot.config.yaml";
const WRONG_USAGE = 2;

/** Runs one command line (without the program's own name) and gives the exit code. */
export async function run(world: World, args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  const act =
    <Options>(command: Run<Options>) =>
    async (options: Options) => {
      code = await command(world, options);
    };
  const program = createProgram(world, act);
  if (args.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    throw error;
  }
}

function createProgram(world: World, act: Act): Command {
  const program = new Command("rulebot")
    .description("a chat bot for RetailCRM / Simla.com whose behaviour is YAML")
    .version(world.version, "--version", "show the version");
  for (const make of COMMANDS) program.addCommand(withCommon(make(act)));
  return quieted(world, program);
}

/** Every command takes `--config`. */
function withCommon(command: Command): Command {
  return command.option("--config <file>", "the root file", DEFAULT_CONFIG satisfies ConfigOption["config"]);
}

/** Commander writes where the world says, and throws instead of ending the process. */
function quieted(world: World, program: Command): Command {
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.showHelpAfterError("(rulebot --help shows what there is)");
    command.configureOutput({
      writeOut: (text) => world.output.write(text),
      writeErr: (text) => world.errors.write(text),
    });
  }
  return program;
}
