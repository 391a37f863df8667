import { botOperations } from "./bots.ts";
import { dialogOperations } from "./dialogs.ts";
import { fileOperations } from "./files.ts";
import { messageOperations } from "./messages.ts";
import type { Handlers } from "./operation.ts";
import { peopleOperations } from "./people.ts";

/** All operations: the type makes a missing one a compile error. */
export const handlers: Handlers = {
  ...botOperations,
  ...peopleOperations,
  ...dialogOperations,
  ...messageOperations,
  ...fileOperations,
};
