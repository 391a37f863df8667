import { expect, it } from "vitest";
import { resume } from "../../src/engine/resume.ts";
import type { CallOutcome, Plan } from "../../src/types/plan.ts";
import { decideOn, NOON, rulebook, said, shortly } from "../engine/world.ts";

const ACTIONS = `- http:
    method: POST
    url: https://shop.example/stock?what={{ message.text | url_encode }}
    headers: {X-Dialog: "{{ dialog.id }}"}
    body: {what: "{{ message.text }}", count: 2, list: ["{{ message.text }}"]}
    save: stock
`;
const BRANCHES = `  ok:
    - reply: "{{ stock.count }} are left."
  failed:
    - reply: I don't know.
`;
const LAST = `- note: "{{ stock.count or 'nothing' }}"`;

const rulesWith = (actions: string) =>
  rulebook(`- rule: R\n  when: {message: any}\n  do:\n${actions.replace(/^/gm, "    ")}`);

function requestIn({ runs }: Plan) {
  const wait = runs[0]?.waitsFor;
  return wait?.kind === "request" ? wait.request : null;
}

function after(actions: string, outcome: CallOutcome): Plan {
  const rules = rulesWith(actions);
  const plan = decideOn(rules, said("blue tea"));
  const [run] = plan.runs;
  const [rule] = rules.rules;
  if (run?.waitsFor?.kind !== "request" || rule === undefined) throw new Error("no run waits for a service");
  const input = { kind: "result" as const, key: run.waitsFor.key, at: NOON, outcome };
  return resume({ rulebook: rules, rule, run, state: plan.state, input, now: NOON + 1000 });
}

it("asks for the call with every text filled in, and sends nothing itself", () => {
  const plan = decideOn(rulesWith(ACTIONS), said("blue tea"));
  expect(requestIn(plan)).toEqual({
    kind: "http",
    args: {
      method: "POST",
      url: "https://shop.example/stock?what=blue+tea",
      headers: { "X-Dialog": "7740" },
      body: { what: "blue tea", count: 2, list: ["blue tea"] },
    },
  });
  expect(plan.calls).toEqual([]);
});

it("is a GET without headers and body where the rule says no more", () => {
  const plan = decideOn(rulesWith("- http: {url: https://shop.example/}"), said("hi"));
  expect(requestIn(plan)?.args).toEqual({ method: "GET", url: "https://shop.example/", headers: {}, body: null });
});

it.each([
  { outcome: { ok: true, body: { count: 3 } } as const, says: ["public: 3 are left.", "private: 3"] },
  { outcome: { ok: false, reason: "no" } as const, says: ["public: I don't know.", "private: nothing"] },
])("goes through ok or failed, and on: $says", ({ outcome, says }) => {
  expect(shortly(after(ACTIONS + BRANCHES + LAST, outcome))).toEqual(says);
});

it("goes on without branches, and says that it failed", () => {
  const plan = after(ACTIONS + LAST, { ok: false, reason: "no" });
  expect(shortly(plan)).toEqual(["private: nothing"]);
  expect(plan.verdicts[0]?.steps).toContainEqual(expect.objectContaining({ action: "http", reason: "failed" }));
});
