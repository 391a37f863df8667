import type { Paused } from "../../accounts/operating/operation.ts";
import type { ConfigOption } from "../loading.ts";
import { print, type Run } from "../world.ts";
import { notChosen } from "./not-chosen.ts";
import { NO_CONNECTIONS, paused, pausedBefore, resumed, resumedBefore } from "./sentences.ts";
import { withOperation } from "./with-operation.ts";

export interface PauseOptions extends ConfigOption {
  /** Left out: all connections. */
  readonly connection?: string | undefined;
}

export const pause: Run<PauseOptions> = (world, options) => turn(true)(world, options);
export const resume: Run<PauseOptions> = (world, options) => turn(false)(world, options);

/** 2 when no connection is called so. */
const turn =
  (isPause: boolean): Run<PauseOptions> =>
  (world, { connection, ...option }) =>
    withOperation<Paused>(world, option, {
      path: isPause ? "pause" : "resume",
      fields: connection === undefined ? {} : { connection },
      here: (operation) => operation.pause({ connection: connection ?? null, paused: isPause }),
      tell(answer, { language }) {
        if (answer.kind !== "paused") {
          print(world.errors, notChosen(answer, connection ?? "")[language]);
          return 2;
        }
        const { changed, same } = answer;
        const [did, had] = isPause ? [paused, pausedBefore] : [resumed, resumedBefore];
        if (changed.length > 0) print(world.output, did(changed)[language]);
        if (same.length > 0) print(world.output, had(same)[language]);
        if (changed.length + same.length === 0) print(world.output, NO_CONNECTIONS[language]);
        return 0;
      },
    });
