import type { RawExpectation, RawTest, RawTestFile } from "../generated/tests.ts";
import { parseDuration } from "../language/duration.ts";
import type { Fault } from "../language/fault.ts";
import { readMoment } from "../language/moment.ts";
import { sameName, suggest } from "../language/names.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Path } from "../types/source.ts";
import { badMoment, badWait, duplicateTest, unknownReason, unknownRule, unknownTeam } from "./faults.ts";
import { reasonsFor } from "./why-not.ts";

/** A fault of meaning in a file of tests, and where. */
export interface TestFinding {
  readonly path: Path;
  readonly part?: "key" | "value";
  readonly fault: Fault;
}

/** Every fault in a file of tests whose shape is right: moments, spans, and names that the rules do not have. */
export function findTestFaults(whole: RawTestFile, rulebook: Rulebook): readonly TestFinding[] {
  return [
    ...momentFaults(whole.at, ["at"], rulebook),
    ...whole.tests.flatMap((test, index) => [
      ...twinFaults(test, index, whole.tests),
      ...momentFaults(test.at, ["tests", index, "at"], rulebook),
      ...stepFaults(test, ["tests", index, "steps"], rulebook),
    ]),
  ];
}

function momentFaults(at: string | undefined, path: Path, { timezone }: Rulebook): readonly TestFinding[] {
  return at === undefined || readMoment(at, timezone) !== null ? [] : [{ path, fault: badMoment(at) }];
}

function twinFaults({ test }: RawTest, index: number, tests: readonly RawTest[]): readonly TestFinding[] {
  const isTwin = tests.slice(0, index).some((other) => sameName(other.test, test));
  return isTwin ? [{ path: ["tests", index, "test"], fault: duplicateTest(test) }] : [];
}

function stepFaults({ steps }: RawTest, path: Path, rulebook: Rulebook): readonly TestFinding[] {
  return steps.flatMap((step, index): readonly TestFinding[] => {
    const here = [...path, index];
    if ("expect" in step) return expectFaults(step.expect, [...here, "expect"], rulebook);
    if (!("wait" in step) || parseDuration(step.wait) !== null) return [];
    return [{ path: [...here, "wait"], fault: badWait(step.wait) }];
  });
}

function expectFaults(expected: RawExpectation, path: Path, rulebook: Rulebook): readonly TestFinding[] {
  const { fired = [], not_fired = [], assigned_team } = expected;
  const teams = Object.keys(rulebook.teams);
  const isUnknownTeam = assigned_team !== undefined && !teams.includes(assigned_team);
  return [
    ...nameFaults(fired, [...path, "fired"], rulebook),
    ...nameFaults(not_fired, [...path, "not_fired"], rulebook),
    ...(isUnknownTeam
      ? [{ path: [...path, "assigned_team"], fault: unknownTeam(assigned_team, suggest(assigned_team, teams)) }]
      : []),
  ];
}

type Names = RawExpectation["not_fired"];

function nameFaults(names: Names, path: Path, rulebook: Rulebook): readonly TestFinding[] {
  if (typeof names === "string") return ruleFaults(names, { path }, rulebook);
  if (Array.isArray(names)) {
    return names.flatMap((name, index) => ruleFaults(name, { path: [...path, index] }, rulebook));
  }
  return Object.entries(names ?? {}).flatMap(([name, reason]) => [
    ...ruleFaults(name, { path: [...path, name], part: "key" }, rulebook),
    ...reasonFaults(name, reason, [...path, name], rulebook),
  ]);
}

function ruleFaults(name: string, at: Omit<TestFinding, "fault">, { rules }: Rulebook): readonly TestFinding[] {
  const names = rules.map((rule) => rule.name);
  return names.includes(name) ? [] : [{ ...at, fault: unknownRule(name, suggest(name, names)) }];
}

function reasonFaults(name: string, reason: string, path: Path, { rules }: Rulebook): readonly TestFinding[] {
  const rule = rules.find((one) => one.name === name);
  const allowed = rule === undefined ? [reason] : reasonsFor(rule);
  return allowed.includes(reason) ? [] : [{ path, fault: unknownReason(reason, suggest(reason, allowed), allowed) }];
}
