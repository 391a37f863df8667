import type {
  RawTest,
  RawTestCrm,
  RawTestCustomer,
  RawTestFile,
  RawTestManagers,
  RawTestProfile,
  RawTestService,
} from "../generated/tests.ts";
import { readMoment } from "../language/moment.ts";
import { assignedNames } from "../rulebook/account-names.ts";
import type { Rulebook } from "../types/rule.ts";

/** The circumstances of one test: what it says itself, else what its file says for all. */
export interface TestScene {
  /** Unix ms. */
  readonly at: number;
  readonly channel: string;
  readonly customer: RawTestProfile;
  readonly managers: RawTestManagers;
  readonly bots: readonly string[];
  readonly crm: RawTestCrm;
  readonly http: readonly RawTestService[];
}

/** A Friday noon. */
const USUAL_START = "2026-11-20 12:00";

/** Null: `at` is no moment. */
export function sceneOf(test: RawTest, file: RawTestFile, rulebook: Rulebook): TestScene | null {
  const at = readMoment(test.at ?? file.at ?? USUAL_START, rulebook.timezone)?.toMillis();
  if (at === undefined) return null;
  return {
    at,
    channel: test.channel ?? file.channel ?? "telegram",
    customer: profileOf(test.customer ?? file.customer ?? {}),
    managers: test.managers ?? file.managers ?? everyoneNamed(rulebook),
    bots: [test.bots ?? file.bots ?? []].flat(),
    crm: test.crm ?? file.crm ?? {},
    http: test.http ?? file.http ?? [],
  };
}

const profileOf = (customer: RawTestCustomer): RawTestProfile =>
  typeof customer === "string" ? { name: customer } : customer;

/** Where a test names no staff, everyone whom the rules name is there and online. */
function everyoneNamed({ teams, rules }: Rulebook): RawTestManagers {
  const people = Object.values(teams).flatMap((team) => team.people);
  const groups = Object.values(teams).flatMap(({ crmGroup }) => (crmGroup === null ? [] : [crmGroup]));
  const named = [...people, ...rules.flatMap((rule) => assignedNames(rule.do)).map(({ name }) => name)];
  return {
    ...Object.fromEntries(named.map((name) => [name, "online"])),
    ...Object.fromEntries(groups.map((group) => [`Someone of ${group}`, { online: true, groups: group }])),
  };
}
