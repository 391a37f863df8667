import { expect, it } from "vitest";
import { findPerson, membersOf } from "../../src/actions/people.ts";
import type { Team } from "../../src/types/rule.ts";
import { person } from "../engine/world.ts";

const ANNA = person({ id: 12, name: "Anna Petrova", email: "anna@shop.example", groups: ["Team-Leads", "team-leads"] });
const NAMESAKE = person({ id: 20, name: "Anna Petrova", email: "other@shop.example" });
const LOUD = person({ id: 30, name: "ANNA PETROVA", groups: ["team-leads"] });
const TWELVE = person({ id: 40, name: "12" });
const PEOPLE = [ANNA, NAMESAKE, LOUD, TWELVE];

it.each([
  { name: "12", found: ANNA.id }, // an id wins over a name
  { name: "40", found: TWELVE.id },
  { name: " OTHER@shop.example ", found: NAMESAKE.id },
  { name: "Anna Petrova", found: ANNA.id },
  { name: "ANNA PETROVA", found: LOUD.id }, // spelt exactly so wins over another case
  { name: "anna  petrova", found: ANNA.id },
  { name: "Anna", found: undefined },
])("$name is person $found, whoever of the account was last heard of", ({ name, found }) => {
  for (const people of [PEOPLE, PEOPLE.toReversed()]) expect(findPerson(people, name)?.id).toBe(found);
});

it("a team's people are those of the file in its order, then those of its group by id, each once", () => {
  const place = { file: "bot.config.yaml", line: 1, column: 1 };
  const team: Team = { name: "t", people: ["40", "Nobody", "30"], crmGroup: "TEAM-leads", maxOpen: null, place };
  for (const people of [PEOPLE, PEOPLE.toReversed()])
    expect(membersOf(team, people).map(({ id }) => id)).toEqual([40, 30, 12]);
});
