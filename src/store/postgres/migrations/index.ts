import { start } from "./001-start.ts";
import { accounts } from "./002-accounts.ts";
import { aging } from "./003-aging.ts";

/** All steps of PostgreSQL's schema in order, forward only: the only list. The schema version of a database is how many of them it
 *  has seen. Never change a released one: add the next. A step must suit the program version before it as well (add, fill, and
 *  remove one release later): during an update both are at work. */
export const migrations: readonly string[] = [start, accounts, aging];
