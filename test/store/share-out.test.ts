import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Holding as Stored } from "../../src/store/leases.ts";
import { shareOut } from "../../src/store/share-out.ts";

type Holding = Pick<Stored, "connectionId" | "owner">;

/** `{a: 2, free: 1}`: three connections, two of them held by replica a. */
function holdings(counts: Readonly<Record<string, number>>): Holding[] {
  return Object.entries(counts).flatMap(([owner, count]) =>
    Array.from({ length: count }, (_, n) => ({
      connectionId: `${owner}-${String(n).padStart(4, "0")}`,
      owner: owner === "free" ? null : owner,
    })),
  );
}

const numbers = (shares: ReturnType<typeof shareOut>) =>
  Object.fromEntries(
    Object.entries(shares).map(([name, { claim, giveBack }]) => [name, [claim.length, giveBack.length]]),
  );

describe("sharing connections out", () => {
  it.each([
    { what: "one replica takes everything that is free", counts: { free: 3 }, replicas: ["a"], moves: { a: [3, 0] } },
    { what: "all is well as it is", counts: { a: 2, b: 2 }, replicas: ["a", "b"], moves: { a: [0, 0], b: [0, 0] } },
    {
      what: "free ones go to those with the fewest",
      counts: { a: 3, b: 1, free: 2 },
      replicas: ["a", "b"],
      moves: { a: [0, 0], b: [2, 0] },
    },
    { what: "a newcomer gets its share", counts: { a: 4 }, replicas: ["a", "b"], moves: { a: [0, 2], b: [0, 0] } },
    {
      what: "one of two is given to the newcomer",
      counts: { a: 2 },
      replicas: ["a", "b"],
      moves: { a: [0, 1], b: [0, 0] },
    },
    { what: "a rest stays where it is", counts: { a: 2, b: 1 }, replicas: ["a", "b"], moves: { a: [0, 0], b: [0, 0] } },
    {
      what: "nobody is left without where there is enough",
      counts: { a: 2, b: 2 },
      replicas: ["a", "b", "c"],
      moves: { a: [0, 0], b: [0, 1], c: [0, 0] },
    },
    {
      what: "what a dead replica held is dealt out",
      counts: { a: 1, b: 1, dead: 2 },
      replicas: ["a", "b"],
      moves: { a: [1, 0], b: [1, 0] },
    },
    {
      what: "a tenth more moves nothing",
      counts: { a: 11, b: 9 },
      replicas: ["a", "b"],
      moves: { a: [0, 0], b: [0, 0] },
    },
    { what: "more than a tenth does", counts: { a: 12, b: 8 }, replicas: ["a", "b"], moves: { a: [0, 2], b: [0, 0] } },
    {
      what: "not too many are given back at once",
      counts: { a: 500 },
      replicas: ["a", "b"],
      moves: { a: [0, 20], b: [0, 0] },
    },
    {
      what: "a replica that is named twice counts once",
      counts: { free: 2 },
      replicas: ["a", "a"],
      moves: { a: [2, 0] },
    },
    { what: "there is nothing to share", counts: {}, replicas: ["a"], moves: { a: [0, 0] } },
    { what: "nobody is there", counts: { free: 2, dead: 1 }, replicas: [], moves: {} },
  ])("$what", ({ counts, replicas, moves }) => {
    expect(numbers(shareOut(holdings(counts), replicas))).toEqual(moves);
  });

  it("names the connections, the same whoever works it out", () => {
    const connections = holdings({ a: 3, free: 1 });
    const shares = { a: { claim: [], giveBack: ["a-0002"] }, b: { claim: ["free-0000"], giveBack: [] } };

    expect(shareOut(connections, ["a", "b"])).toEqual(shares);
    expect(shareOut(connections.toReversed(), ["b", "a"])).toEqual(shares);
  });

  it("reaches a fair state in a few rounds, whatever came and went, and then moves nothing", () => {
    const owners = fc.constantFrom("a", "b", "c", "d", "dead", null);
    const replicas = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(owners, { maxLength: 120 }), replicas, (held, names) => {
        let connections: Holding[] = held.map((owner, n) => ({ connectionId: `c-${n}`, owner }));
        for (let round = 0; round < 16; round += 1) connections = played(connections, names);

        expect(played(connections, names)).toEqual(connections);
        const counts = names.map((name) => connections.filter(({ owner }) => owner === name).length);
        const fair = Math.ceil(held.length / names.length);
        expect(Math.max(...counts)).toBeLessThanOrEqual(fair + Math.floor(fair / 10));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(held.length);
      }),
    );
  });

  /** Everybody does its part. */
  function played(connections: readonly Holding[], names: readonly string[]): Holding[] {
    const shares = Object.entries(shareOut(connections, names));
    return connections.map(({ connectionId, owner }) => {
      const taker = shares.find(([, { claim }]) => claim.includes(connectionId))?.[0];
      const isGiven = shares.some(([, { giveBack }]) => giveBack.includes(connectionId));
      return { connectionId, owner: isGiven ? null : (taker ?? owner) };
    });
  }
});
