import type { Json } from "../../src/types/json.ts";

/** What the rows of the table see. */
export const VIEW = {
  now: "2026-11-20T12:00:00Z",
  message: { text: "Where is my ORDER 55?", items: [{ size: 3 }, { size: 5 }], time: "2026-11-20T11:48:00Z" },
  customer: { name: "Marta", email: null, nick: "" },
  dialog: { tags: ["vip"], none: [], count: 3, typed: "12", assigned: false },
};

/** Logic that holds, and logic that does not; each with an absent or odd value among them. */
interface OperatorRow {
  readonly holds: readonly Json[];
  readonly fails: readonly Json[];
}

const text = { var: "message.text" };
const items = { var: "message.items" };
const tags = { var: "dialog.tags" };
const count = { var: "dialog.count" };
const nobody = { var: "customer.email" };
const bigger = (than: number) => ({ ">": [{ var: "size" }, than] });

/** Every operator of json-logic that conditions may use. */
export const OPERATOR_TABLE: Readonly<Record<string, OperatorRow>> = {
  var: {
    holds: [{ var: "customer.name" }, { var: ["customer.email", "none"] }, { var: "dialog.tags.0" }],
    fails: [nobody, { var: "dialog.none" }, { var: "constructor" }, { var: "dialog.count.more" }],
  },
  missing: {
    holds: [{ missing: ["customer.email"] }, { missing: "customer.nick" }, { missing: ["a", "dialog.count"] }],
    fails: [{ missing: ["customer.name", "dialog.count"] }, { missing: "dialog.tags" }],
  },
  missing_some: {
    holds: [{ missing_some: [2, ["customer.name", "customer.email"]] }],
    fails: [{ missing_some: [1, ["customer.name", "customer.email"]] }],
  },
  if: {
    holds: [{ if: [nobody, false, count, true, false] }, { if: [count, true] }, { if: [nobody, false, true] }],
    fails: [{ if: [nobody, true] }, { if: [nobody, true, count, false, true] }],
  },
  "?:": { holds: [{ "?:": [count, true, false] }], fails: [{ "?:": [nobody, true, false] }] },
  "==": {
    holds: [{ "==": [count, "3"] }, { "==": [nobody, null] }],
    fails: [{ "==": [count, 4] }, { "==": [nobody, ""] }],
  },
  "===": { holds: [{ "===": [count, 3] }], fails: [{ "===": [count, "3"] }] },
  "!=": { holds: [{ "!=": [count, 4] }, { "!=": [nobody, ""] }], fails: [{ "!=": [count, "3"] }] },
  "!==": { holds: [{ "!==": [count, "3"] }], fails: [{ "!==": [count, 3] }] },
  "!": { holds: [{ "!": nobody }, { "!": [{ var: "dialog.none" }] }], fails: [{ "!": [count] }] },
  "!!": { holds: [{ "!!": tags }], fails: [{ "!!": nobody }, { "!!": { var: "dialog.none" } }] },
  and: { holds: [{ and: [count, text] }], fails: [{ and: [count, nobody] }] },
  or: { holds: [{ or: [nobody, count] }], fails: [{ or: [nobody, { var: "dialog.assigned" }] }] },
  ">": { holds: [{ ">": [count, 2] }, { ">": [1, nobody] }], fails: [{ ">": [count, 3] }, { ">": [nobody, 0] }] },
  ">=": { holds: [{ ">=": [count, 3] }, { ">=": [nobody, 0] }], fails: [{ ">=": [count, 4] }] },
  "<": {
    holds: [{ "<": [count, 4] }, { "<": [1, count, 9] }, { "<": [nobody, 1] }],
    fails: [{ "<": [count, 3] }, { "<": [3, count, 9] }],
  },
  "<=": {
    holds: [{ "<=": [count, 3] }, { "<=": [3, count, 3] }],
    fails: [{ "<=": [count, 2] }, { "<=": [4, count, 9] }],
  },
  max: { holds: [{ "==": [{ max: [1, count] }, 3] }], fails: [{ "==": [{ max: [1, count] }, 1] }] },
  min: { holds: [{ "==": [{ min: [1, count] }, 1] }], fails: [{ "==": [{ min: [1, count] }, 3] }] },
  "+": { holds: [{ "==": [{ "+": [count, "4"] }, 7] }], fails: [{ "==": [{ "+": [count, "4"] }, "34"] }] },
  "-": { holds: [{ "==": [{ "-": [count, 1] }, 2] }, { "<": [{ "-": count }, 0] }], fails: [{ "-": [count, 3] }] },
  "*": { holds: [{ "==": [{ "*": [count, 2, 2] }, 12] }], fails: [{ "*": [count, 0] }] },
  "/": { holds: [{ "==": [{ "/": [count, 2] }, 1.5] }], fails: [{ "/": [0, count] }] },
  "%": { holds: [{ "==": [{ "%": [count, 2] }, 1] }], fails: [{ "%": [count, 3] }] },
  in: {
    holds: [{ in: ["vip", tags] }, { in: ["ORDER", text] }],
    fails: [
      { in: ["VIP", tags] },
      { in: ["order", text] },
      { in: ["a", nobody] },
      { in: ["name", { var: "customer" }] },
    ],
  },
  cat: { holds: [{ "==": [{ cat: ["a", count, null] }, "a3"] }], fails: [{ cat: [nobody] }] },
  substr: {
    holds: [{ "==": [{ substr: [text, 0, 5] }, "Where"] }, { "==": [{ substr: [text, -3] }, "55?"] }],
    fails: [{ substr: [text, 0, 0] }],
  },
  merge: { holds: [{ in: [2, { merge: [1, [2, 3]] }] }], fails: [{ merge: [{ var: "dialog.none" }] }] },
  filter: {
    holds: [{ filter: [items, bigger(4)] }],
    fails: [{ filter: [items, bigger(9)] }, { filter: [nobody, true] }],
  },
  all: {
    holds: [{ all: [items, bigger(2)] }],
    fails: [{ all: [items, bigger(4)] }, { all: [{ var: "dialog.none" }, true] }],
  },
  some: { holds: [{ some: [items, bigger(4)] }], fails: [{ some: [items, bigger(9)] }, { some: [nobody, true] }] },
  none: { holds: [{ none: [items, bigger(9)] }, { none: [nobody, true] }], fails: [{ none: [items, bigger(4)] }] },
  has_words: {
    holds: [{ has_words: [text, ["refund", "my order"]] }, { has_words: [text, "ord*"] }],
    fails: [{ has_words: [text, ["order my"]] }, { has_words: [text, "ord"] }, { has_words: [nobody, "order"] }],
  },
  is_words: {
    holds: [{ is_words: [{ var: "customer.name" }, ["anna", "MARTA!"]] }],
    fails: [{ is_words: [text, "order"] }, { is_words: [nobody, "marta"] }],
  },
  matches: {
    holds: [{ matches: [text, "order \\d+"] }],
    fails: [{ matches: [text, "^order"] }, { matches: [count, "3"] }, { matches: [nobody, ".*"] }],
  },
  same: {
    holds: [
      { same: [{ var: "customer.name" }, "MARTA"] },
      { same: [count, "3"] },
      { same: [tags, "Vip"] },
      { same: [nobody, null] },
    ],
    fails: [{ same: [count, 4] }, { same: [tags, "gold"] }, { same: [nobody, "x"] }],
  },
  contains: {
    holds: [{ contains: [text, "order 55"] }, { contains: [tags, "VIP"] }],
    fails: [{ contains: [text, "refund"] }, { contains: [tags, "vi"] }, { contains: [nobody, "x"] }],
  },
  more_than: {
    holds: [{ more_than: [count, 2] }, { more_than: [{ var: "dialog.typed" }, "11"] }],
    fails: [{ more_than: [count, 3] }, { more_than: [nobody, -1] }, { more_than: [text, 1] }],
  },
  less_than: {
    holds: [{ less_than: [count, "4"] }],
    fails: [{ less_than: [count, 3] }, { less_than: [nobody, 1] }, { less_than: [text, 99] }],
  },
  one_of_names: {
    holds: [
      { one_of_names: [tags, ["Vip"]] },
      {
        one_of_names: [
          [nobody, { var: "customer.name" }],
          ["anna", "marta"],
        ],
      },
    ],
    fails: [{ one_of_names: [tags, ["gold"]] }, { one_of_names: [nobody, ["null", ""]] }],
  },
  minutes_since: {
    holds: [
      { "==": [{ minutes_since: { var: "message.time" } }, 12] },
      { "==": [{ minutes_since: ["2026-11-20T10:00:00Z", "2026-11-20T10:30:00Z"] }, 30] },
    ],
    fails: [{ minutes_since: { var: "now" } }, { more_than: [{ minutes_since: { var: "customer.name" } }, -1] }],
  },
};
