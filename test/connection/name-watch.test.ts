import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createNameWatch } from "../../src/connection/directory/name-watch.ts";
import type { Directory } from "../../src/types/state.ts";
import { ANNA, IVAN, OLGA, person, rulebook, telegram, world } from "../engine/world.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { type Account, openAccount } from "./account.ts";

const TEAM = (written: string) =>
  rulebook("- rule: R\n  when: {message: any}\n  do: [{assign: sales}]", `teams: {sales: ${written}}`);

const UNKNOWN = "the rules use a name that the account does not have";
const KNOWN = "a name in the rules is no longer unknown";

/** A watch over a directory that the test changes. */
function watch() {
  const test = createTestLog();
  let directory: Directory = world().directory;
  let rules = TEAM("{people: [Anna Petrova, Vera Moss]}");
  const names = createNameWatch({ directory: { current: () => directory }, rulebook: () => rules, log: test.log });
  return {
    names,
    become(changed: Partial<Directory>) {
      directory = { ...directory, ...changed };
      names.look();
    },
    use(changed: typeof rules) {
      rules = changed;
      names.look();
    },
    said: () => test.lines().map(({ msg, name, suggestion }) => ({ msg, name, suggestion })),
  };
}

describe("the names in the rules", () => {
  it("that the account does not have are told once, with what was probably meant", () => {
    const { names, become, said } = watch();
    names.look();
    become({ people: [{ ...ANNA, online: false }, IVAN, OLGA] });
    become({ people: [ANNA, IVAN, person({ id: 15, name: "Vera Mohs" })] });
    expect(said()).toEqual([{ msg: UNKNOWN, name: "Vera Moss", suggestion: null }]);
    expect(names.unknown()).toEqual([{ kind: "person", name: "Vera Moss", at: "bot.config.yaml:2" }]);
  });

  it("that come to be are told, and so are those that go", () => {
    const { names, become, said } = watch();
    names.look();
    become({ people: [ANNA, person({ id: 15, name: "Vera Moss" })] });
    become({ people: [person({ id: 15, name: "Vera Moss" })] });
    expect(said()).toEqual([
      { msg: UNKNOWN, name: "Vera Moss", suggestion: null },
      { msg: KNOWN, name: "Vera Moss", suggestion: undefined },
      { msg: UNKNOWN, name: "Anna Petrova", suggestion: null },
    ]);
    expect(names.unknown().map(({ name }) => name)).toEqual(["Anna Petrova"]);
  });

  it("are judged anew when someone changes groups, and when a channel changes", () => {
    const { names, become, use } = watch();
    use(TEAM("{crm_group: night}"));
    expect(names.unknown().map(({ name }) => name)).toEqual(["night"]);
    become({ people: [ANNA, IVAN, { ...OLGA, groups: ["night"] }] });
    expect(names.unknown()).toEqual([]);
    use(rulebook("- rule: R\n  when: {message: any, channel: Outlet}\n  do: [{note: Hi}]"));
    expect(names.unknown().map(({ name }) => name)).toEqual(["Outlet"]);
    become({ channels: [{ ...telegram(), name: "Outlet" }] });
    expect(names.unknown()).toEqual([]);
  });

  it("are not judged before the account is known", () => {
    const { names, become, said } = watch();
    become({ bot: { id: 0, name: "" }, people: [ANNA] });
    expect([said(), names.unknown()]).toEqual([[], []]);
  });
});

describe("a connection", () => {
  let account: Account;
  afterEach(() => account.stop());

  const unknownIn = async (connection: { status(): Promise<Record<string, unknown>> }) => {
    const { rules } = (await connection.status()) as { rules: { unknown_names: readonly { name: string }[] } };
    return rules.unknown_names.map(({ name }) => name);
  };
  const told = () =>
    account.log
      .lines()
      .filter(({ msg }) => msg === UNKNOWN || msg === KNOWN)
      .map(({ msg, name }) => `${msg === KNOWN ? "known" : "unknown"}: ${name}`);

  it("tells of unknown names in its status and its log, also after a reload and when people change", async () => {
    account = await openAccount();
    const connection = await account.connect({ rulebook: TEAM("{people: [Anna Petrova, Vera Moss]}") });
    await connection.listening;
    expect(await unknownIn(connection)).toEqual(["Vera Moss"]);
    await connection.useRulebook(TEAM("{people: [Anna Petrov, Vera Moss]}"));
    expect(await unknownIn(connection)).toEqual(["Anna Petrov", "Vera Moss"]);
    account.sandbox.changePerson("Ivan Sidorov", { firstName: "Vera", lastName: "Moss" });
    await expect.poll(() => unknownIn(connection)).toEqual(["Anna Petrov"]);
    expect(told()).toEqual(["unknown: Vera Moss", "unknown: Anna Petrov", "known: Vera Moss"]);
  });

  it("reads the account's lists again every hour: nobody tells it of groups", async () => {
    account = await openAccount();
    const hourly: (() => void)[] = [];
    const after = (ms: number, task: () => void) => {
      if (ms < 3_000_000) return systemClock.after(ms, task);
      hourly.push(task);
      return () => {};
    };
    const connection = await account.connect({
      rulebook: TEAM("{crm_group: night}"),
      clock: { ...systemClock, after },
    });
    await connection.listening;
    expect(await unknownIn(connection)).toEqual(["night"]);
    account.sandbox.changePerson("Ivan Sidorov", { groups: ["night"] });
    const due = hourly.splice(0);
    for (const task of due) task();
    await expect.poll(() => unknownIn(connection)).toEqual([]);
    // The comparison of the messages with their list waits ten seconds for what is still on its way.
    await expect.poll(() => hourly, { timeout: 15_000 }).toHaveLength(due.length);
  });
});
