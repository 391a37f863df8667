import pg from "pg";
import { StoreError } from "../store.ts";

type Tell = (place: string, cause: Error) => string;

const STOPPED: Tell = (place) => `PostgreSQL at ${place} is stopping or starting. Wait until it accepts connections.`;
const SLOW: Tell = (place) => `PostgreSQL at ${place} takes too long. Look for what blocks or burdens it.`;
const FULL: Tell = (place) => `The disk of PostgreSQL at ${place} is full. Free some space there.`;
const REFUSED: Tell = (place) =>
  `PostgreSQL at ${place} refused the user or the password. Check storage: (or DATABASE_URL).`;
const UNREACHABLE: Tell = (place, cause) =>
  `PostgreSQL at ${place} can't be reached (${reasonOf(cause)}). Check storage: and whether the database is running.`;
const RIGHTS: Tell = (place, { message }) =>
  `PostgreSQL at ${place} does not let this user do what is needed (${message}). Make the user the owner of the database.`;
const GONE: Tell = (place, { message }) =>
  `PostgreSQL at ${place} lacks what was there before (${message}). Start the bot anew, or restore a backup.`;
const FAILED: Tell = (place, { message }) => `The store at ${place} refused: ${message}.`;

/** Codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html), whole or their class, that the operator can
 *  do something about. */
const sentences: Readonly<Record<string, Tell>> = {
  "08": UNREACHABLE,
  "25006": (place) => `${place} can only be read: it is a standby, or was set so. Name the main server in storage:.`,
  "28": REFUSED,
  "3D000": (place) => `There is no such database: ${place}. Make it, or check storage:.`,
  "3F000": GONE,
  "42501": RIGHTS,
  "42P01": GONE,
  "53100": FULL,
  "53300": (place) => `PostgreSQL at ${place} has no connection left. Raise max_connections, or close other programs.`,
  "53": (place) => `PostgreSQL at ${place} lacks memory or other means. Look at its log.`,
  "55P03": SLOW,
  "57014": SLOW,
  "57P": STOPPED,
  "58": (place) => `The disk of PostgreSQL at ${place} failed. Look at its log.`,
  XX001: (place) => `The data of PostgreSQL at ${place} is damaged. Stop the bot and restore a backup.`,
  XX002: (place) => `The data of PostgreSQL at ${place} is damaged. Stop the bot and restore a backup.`,
};

/** Classes of codes that tell of a bug of ours (data, constraints, syntax, limits): no operator can cure them, and trying again
 *  would never end. */
const OURS = ["22", "23", "42", "54"];

/** What the driver threw, marked as such: any other error is a bug of ours and has to stay what it is. Never leaves this folder. */
class DriverFault extends Error {
  override readonly name = "DriverFault";
  /** What was asked for can have changed nothing, whatever became of it. */
  readonly isHarmless: boolean;
  constructor(cause: unknown, isHarmless: boolean) {
    super("the driver failed", { cause });
    this.isHarmless = isHarmless;
  }
}

/** Asks the driver for something, and marks what it throws. */
export async function driving<T>(task: () => Promise<T>, { isHarmless = false } = {}): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw new DriverFault(error, isHarmless);
  }
}

/** The code with which PostgreSQL refused; undefined: it did not answer, or the error is another's. */
export function sqlState(error: unknown): string | undefined {
  const cause = error instanceof DriverFault || error instanceof StoreError ? error.cause : error;
  return cause instanceof pg.DatabaseError ? cause.code : undefined;
}

/** Did the way to the server break, so that nobody knows what became of the last statement? */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof DriverFault)) return false;
  const state = sqlState(error);
  return state === undefined || state.startsWith("57P") || state.startsWith("08");
}

/** Did a connection break that the pool still took for a good one, at something that may simply be asked again on another? */
export function isStale(error: unknown): boolean {
  return error instanceof DriverFault && error.isHarmless && isBroken(error) && !isLate(error.cause);
}

/** Is this a StoreError about a server that may only not be there yet: it is starting, its name is not known so far, or nobody listens?
 *  A wrong password or a database that is not there will not pass by waiting. */
export function isNotYet(error: unknown): error is StoreError {
  if (!(error instanceof StoreError) || !(error.cause instanceof Error)) return false;
  const { cause } = error;
  const state = sqlState(cause);
  if (state !== undefined) return state.startsWith("57P") || state.startsWith("08");
  const isTerminated = /^Connection terminated/.test(cause.message) && !isLate(cause);
  return isTerminated || ("code" in cause && NOT_YET.has(String(cause.code)));
}

const NOT_YET: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ENOTFOUND", "EHOSTUNREACH"]);

/** Makes a StoreError of what the driver threw, the cause kept. A bug of ours comes back untouched. */
export function storeFault(error: unknown, place: string): unknown {
  if (!(error instanceof DriverFault) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  const state = sqlState(cause);
  if (state === undefined) return new StoreError(wordsOf(cause)(place, cause), { cause });
  const tell = [state, state.slice(0, 3), state.slice(0, 2)].map((code) => sentences[code]).find((one) => one);
  if (tell === undefined && OURS.some((code) => state.startsWith(code))) return cause;
  return new StoreError((tell ?? FAILED)(place, cause), { cause });
}

/** The driver's own errors have no code of PostgreSQL; most are about the way to it. */
function wordsOf(error: Error): Tell {
  if (error.message === "Cannot use a pool after calling end on the pool") return () => "The store is closed.";
  if (isLate(error)) return SLOW;
  if (/^SASL|password/i.test(error.message)) return REFUSED;
  return UNREACHABLE;
}

/** A server that does not answer will not answer the next one either. */
const isLate = (error: unknown) => error instanceof Error && /timeout/i.test(error.message);

/** What a person can look up: `ECONNREFUSED` says more than an empty message of several failed addresses. */
function reasonOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
