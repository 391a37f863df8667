import { pauseMs } from "../../api/http/retry.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { createPump } from "../lanes/pump.ts";
import { type CommandChanges, type Commands, type CommandsOptions, syncCommands } from "./commands.ts";

/** Keeps the published commands as declared, in the background: a failure is tried again and never holds up the start. */
export interface CommandsKeeper {
  want(declared: Commands): void;
  stop(): Promise<void>;
  /** The last comparison; null: none has succeeded yet. */
  last(): CommandChanges | null;
}

export interface CommandsKeeperOptions extends CommandsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

export function createCommandsKeeper(options: CommandsKeeperOptions): CommandsKeeper {
  const { clock, log, random } = options;
  let declared: Commands = {};
  let last: CommandChanges | null = null;
  let attempt = 0;
  const pump = createPump({
    clock,
    rested() {},
    async round() {
      last = await syncCommands(options, declared);
      attempt = 0;
      log.info({ put: last.put, removed: last.remove }, "commands are as declared");
      return null;
    },
    failed(error) {
      attempt += 1;
      const pause = pauseMs(attempt, null, random());
      log.warn({ err: error, pauseMs: pause }, "commands could not be published; trying again");
      return pause;
    },
  });
  return {
    want(commands) {
      declared = commands;
      pump.poke();
    },
    stop: pump.stop,
    last: () => last,
  };
}
