import type { RemovedOne } from "../../accounts/operating/operation.ts";
import type { ConfigOption } from "../loading.ts";
import { print, type Run } from "../world.ts";
import { notChosen } from "./not-chosen.ts";
import { goneAlready, namedByFile, notWholeName, removed } from "./sentences.ts";
import { withOperation } from "./with-operation.ts";

export interface RemoveOptions extends ConfigOption {
  /** Its whole name. */
  readonly connection: string;
}

/** 2 when no connection is called so, or it is the file's own. */
export const remove: Run<RemoveOptions> = (world, { connection, ...option }) =>
  withOperation<RemovedOne>(world, option, {
    path: "remove",
    fields: { connection },
    here: (operation) => operation.remove({ connection }),
    tell(answer, { language }) {
      if (answer.kind === "removed") {
        print(world.output, removed(answer.connectionId, answer.module)[language]);
        return 0;
      }
      print(world.errors, whyNot(answer, connection)[language]);
      return 2;
    },
  });

function whyNot(answer: Exclude<RemovedOne, { readonly kind: "removed" }>, named: string) {
  switch (answer.kind) {
    case "own":
      return namedByFile(answer.connectionId);
    case "part":
      return notWholeName(named, answer.id);
    case "gone":
      return goneAlready(named);
    default:
      return notChosen(answer, named);
  }
}
