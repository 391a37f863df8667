import pg from "pg";
import { describe, expect, it } from "vitest";
import { driving, isBroken, isNotYet, sqlState, storeFault } from "../../../src/store/postgres/fault.ts";
import { StoreError } from "../../../src/store/store.ts";

/** What the driver throws when the server refuses with `code`. */
const refused = (code: string) => Object.assign(new pg.DatabaseError("told by the server", 1, "error"), { code });
const failed = (message: string, code?: string) =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

/** The error as it comes out of the driver's hands. */
async function thrown(cause: unknown): Promise<unknown> {
  return await driving(() => Promise.reject(cause)).catch((error: unknown) => error);
}

const PLACE = "db:5432/rulebot";

describe("what passes by waiting", () => {
  it.each([
    { fault: failed("", "ECONNREFUSED"), passes: true },
    { fault: failed("getaddrinfo EAI_AGAIN db", "EAI_AGAIN"), passes: true },
    { fault: failed("getaddrinfo ENOTFOUND db", "ENOTFOUND"), passes: true },
    { fault: failed("Connection terminated unexpectedly"), passes: true },
    { fault: failed("Connection terminated due to connection timeout"), passes: false },
    { fault: failed("SASL: the password must be a string"), passes: false },
    { fault: refused("57P03"), passes: true },
    { fault: refused("08006"), passes: true },
    { fault: refused("28P01"), passes: false },
    { fault: refused("3D000"), passes: false },
    { fault: refused("53300"), passes: false },
  ])("$fault: $passes", async ({ fault, passes }) => {
    expect(isNotYet(storeFault(await thrown(fault), PLACE))).toBe(passes);
  });
});

describe("faults of PostgreSQL", () => {
  it.each([
    ["08006", `PostgreSQL at ${PLACE} can't be reached (08006). Check storage: and whether the database is running.`],
    ["25006", `${PLACE} can only be read: it is a standby, or was set so. Name the main server in storage:.`],
    ["28P01", `PostgreSQL at ${PLACE} refused the user or the password. Check storage: (or DATABASE_URL).`],
    ["28000", `PostgreSQL at ${PLACE} refused the user or the password. Check storage: (or DATABASE_URL).`],
    ["3D000", `There is no such database: ${PLACE}. Make it, or check storage:.`],
    [
      "42501",
      `PostgreSQL at ${PLACE} does not let this user do what is needed (told by the server). Make the user the owner of the database.`,
    ],
    [
      "42P01",
      `PostgreSQL at ${PLACE} lacks what was there before (told by the server). Start the bot anew, or restore a backup.`,
    ],
    ["53100", `The disk of PostgreSQL at ${PLACE} is full. Free some space there.`],
    ["53300", `PostgreSQL at ${PLACE} has no connection left. Raise max_connections, or close other programs.`],
    ["53200", `PostgreSQL at ${PLACE} lacks memory or other means. Look at its log.`],
    ["55P03", `PostgreSQL at ${PLACE} takes too long. Look for what blocks or burdens it.`],
    ["57014", `PostgreSQL at ${PLACE} takes too long. Look for what blocks or burdens it.`],
    ["57P01", `PostgreSQL at ${PLACE} is stopping or starting. Wait until it accepts connections.`],
    ["57P03", `PostgreSQL at ${PLACE} is stopping or starting. Wait until it accepts connections.`],
    ["58030", `The disk of PostgreSQL at ${PLACE} failed. Look at its log.`],
    ["XX001", `The data of PostgreSQL at ${PLACE} is damaged. Stop the bot and restore a backup.`],
    ["40P01", `The store at ${PLACE} refused: told by the server.`],
  ])("%s becomes one sentence, its cause kept", async (code, message) => {
    const cause = refused(code);
    const fault = storeFault(await thrown(cause), PLACE);

    expect(fault).toEqual(new StoreError(message));
    expect(fault).toHaveProperty("cause", cause);
  });

  it.each([
    [failed("connect failed", "ECONNREFUSED"), "can't be reached (ECONNREFUSED)"],
    [failed("no such host", "ENOTFOUND"), "can't be reached (ENOTFOUND)"],
    [failed("Connection terminated unexpectedly"), "can't be reached (Connection terminated unexpectedly)"],
  ])("%s becomes one sentence about the way to it", async (cause, told) => {
    const message = `PostgreSQL at ${PLACE} ${told}. Check storage: and whether the database is running.`;

    expect(storeFault(await thrown(cause), PLACE)).toEqual(new StoreError(message));
  });

  it.each([
    ["Query read timeout", `PostgreSQL at ${PLACE} takes too long. Look for what blocks or burdens it.`],
    [
      "timeout exceeded when trying to connect",
      `PostgreSQL at ${PLACE} takes too long. Look for what blocks or burdens it.`,
    ],
    [
      "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string",
      `PostgreSQL at ${PLACE} refused the user or the password. Check storage: (or DATABASE_URL).`,
    ],
    ["Cannot use a pool after calling end on the pool", "The store is closed."],
  ])("the driver's %j becomes one sentence", async (told, message) => {
    expect(storeFault(await thrown(failed(told)), PLACE)).toEqual(new StoreError(message));
  });

  it.each(["22003", "22021", "23505", "42601", "54000"])(
    "%s is a bug of ours and stays what it is: trying again would never end",
    async (code) => {
      const cause = refused(code);

      expect(storeFault(await thrown(cause), PLACE)).toBe(cause);
    },
  );

  it("what did not come from the driver stays what it is", () => {
    const bug = new TypeError("a bug");

    expect(storeFault(bug, PLACE)).toBe(bug);
    expect([isBroken(bug), sqlState(bug)]).toEqual([false, undefined]);
  });

  it.each([
    [refused("57P01"), true],
    [refused("08003"), true],
    [failed("Connection terminated unexpectedly"), true],
    [refused("40001"), false],
    [refused("57014"), false],
  ])("leaves open what became of a statement when %s: %s", async (cause, expected) => {
    expect(isBroken(await thrown(cause))).toBe(expected);
  });
});
