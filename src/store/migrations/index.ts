import { start } from "./001-start.ts";
import { waiting } from "./002-waiting.ts";
import { queues } from "./003-queues.ts";
import { held } from "./004-held.ts";
import { accounts } from "./005-accounts.ts";
import { aging } from "./006-aging.ts";
import type { Migration } from "./migration.ts";

/** All steps in order: the only list. The schema version of a database is how many of them it has seen. */
export const migrations: readonly Migration[] = [start, waiting, queues, held, accounts, aging];
