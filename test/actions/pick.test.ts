import fc from "fast-check";
import { expect, it } from "vitest";
import { afterPick, pickPerson } from "../../src/actions/pick.ts";
import type { Team } from "../../src/types/rule.ts";
import { newChat, type Pick } from "../../src/types/state.ts";
import { CHAT, DIALOG, type Over, person, world } from "../engine/world.ts";

const A = person({ id: 1, name: "Ada" });
const B = person({ id: 2, name: "Bea" });
const C = person({ id: 3, name: "Cleo" });
const team = (maxOpen: number | null = 2): Team => ({
  name: "sales",
  people: ["Ada", "Bea", "Cleo"],
  crmGroup: null,
  maxOpen,
  place: { file: "bot.config.yaml", line: 1, column: 1 },
});
const place = (dialogId: number, since = dialogId, name = "sales") => ({ dialogId, chatId: 1, team: name, since });

interface Case {
  readonly name: string;
  readonly pick: Pick;
  readonly over?: Over;
  readonly last?: number;
  readonly maxOpen?: number | null;
  readonly picked: number | null;
}

it.each<Case>([
  { name: "first: the first of the file", pick: "first", picked: 1 },
  { name: "first, whoever was picked before", pick: "first", over: { rotation: { sales: [1] } }, picked: 1 },
  { name: "round_robin: the first of the file to begin with", pick: "round_robin", picked: 1 },
  { name: "round_robin: then the next", pick: "round_robin", over: { rotation: { sales: [1] } }, picked: 2 },
  {
    name: "round_robin: after all the one longest ago",
    pick: "round_robin",
    over: { rotation: { sales: [3, 1, 2] } },
    picked: 3,
  },
  { name: "round_robin: not whoever is full", pick: "round_robin", over: { openDialogs: { 1: 2 } }, picked: 2 },
  {
    name: "round_robin: another team's turns do not count",
    pick: "round_robin",
    over: { rotation: { leads: [1] } },
    picked: 1,
  },
  { name: "least_busy: fewest open dialogs", pick: "least_busy", over: { openDialogs: { 1: 1, 2: 1 } }, picked: 3 },
  {
    name: "least_busy: of equals the one longest ago",
    pick: "least_busy",
    over: { rotation: { sales: [1] } },
    picked: 2,
  },
  { name: "last_manager: who last served the customer", pick: "last_manager", last: 3, picked: 3 },
  { name: "last_manager: else in turn", pick: "last_manager", last: 99, over: { rotation: { sales: [1] } }, picked: 2 },
  { name: "last_manager: not when full", pick: "last_manager", last: 1, over: { openDialogs: { 1: 2 } }, picked: 2 },
  {
    name: "nobody: all are full",
    pick: "round_robin",
    over: { openDialogs: { 1: 2, 2: 2, 3: 2 } },
    picked: null,
  },
  {
    name: "nobody: the only place left is owed to a dialog that waits",
    pick: "first",
    over: { openDialogs: { 1: 1, 2: 2, 3: 2 }, queue: [place(800)] },
    picked: null,
  },
  {
    name: "a place for each that waits, and one more",
    pick: "first",
    over: { openDialogs: { 1: 0, 2: 2, 3: 2 }, queue: [place(800)] },
    picked: 1,
  },
  {
    name: "its own place in the queue is no one else's",
    pick: "first",
    over: { openDialogs: { 1: 1, 2: 2, 3: 2 }, queue: [place(DIALOG, 1), place(9000, 2)] },
    picked: 1,
  },
  {
    name: "those before it in the queue come first",
    pick: "first",
    over: { openDialogs: { 1: 1, 2: 2, 3: 2 }, queue: [place(9000, 1), place(DIALOG, 2)] },
    picked: null,
  },
  {
    name: "another team's queue takes nothing away",
    pick: "first",
    over: { openDialogs: { 1: 1, 2: 2, 3: 2 }, queue: [place(800, 1, "leads")] },
    picked: 1,
  },
  {
    name: "without max_open there is always a place",
    pick: "first",
    maxOpen: null,
    over: { queue: [place(800)] },
    picked: 1,
  },
])("$name", ({ pick, over = {}, last = null, maxOpen = 2, picked }) => {
  const { directory, dialog } = world({ people: [A, B, C], ...over });
  const chat = { ...newChat(CHAT), lastManagerId: last };
  if (dialog === null) throw new Error("there is a dialog");
  expect(pickPerson({ team: team(maxOpen), pick, directory, dialog, chat })?.id ?? null).toBe(picked);
});

it("picks in turn so that of those who are there all the time nobody is ahead of another by more than one", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (isCleoThere) => {
      let rotation = {};
      const got: Record<number, number> = { 1: 0, 2: 0, 3: 0 };
      for (const online of isCleoThere) {
        const { directory, dialog } = world({ people: [A, B, { ...C, online }], rotation });
        if (dialog === null) throw new Error("there is a dialog");
        const picked = pickPerson({ team: team(null), pick: "round_robin", directory, dialog, chat: null });
        if (picked === null) throw new Error("somebody is there");
        got[picked.id] = (got[picked.id] ?? 0) + 1;
        rotation = afterPick(directory, "sales", picked.id);
      }
      expect(Math.abs((got[1] ?? 0) - (got[2] ?? 0))).toBeLessThanOrEqual(1);
      expect(got[3] ?? 0).toBeLessThanOrEqual(Math.min(got[1] ?? 0, got[2] ?? 0) + 1);
    }),
  );
});

it("forgets the turns of people who are gone", () => {
  const { directory } = world({ people: [A, B], rotation: { sales: [3, 1] } });
  expect(afterPick(directory, "sales", 2)).toEqual({ sales: [1, 2] });
});
