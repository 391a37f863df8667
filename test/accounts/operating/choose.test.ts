import { describe, expect, it } from "vitest";
import { chooseByWholeName, chooseConnections } from "../../../src/accounts/operating/choose.ts";

const connections = [
  { id: "anna.simla.com/rulebot", crmUrl: "https://anna.simla.com" },
  { id: "boris.simla.com/rulebot", crmUrl: "https://boris.simla.com" },
  { id: "old.retailcrm.ru/rulebot", crmUrl: "https://new.retailcrm.ru/" },
];
const all = connections.map(({ id }) => id);
const choose = (named: string | null) => chooseConnections(connections, named);

describe("the connection that somebody names", () => {
  it.each([
    ["anna.simla.com/rulebot", "anna.simla.com/rulebot"],
    ["anna.simla.com", "anna.simla.com/rulebot"],
    ["https://anna.simla.com/", "anna.simla.com/rulebot"],
    [" ANNA ", "anna.simla.com/rulebot"],
    ["new", "old.retailcrm.ru/rulebot"],
    ["old", "old.retailcrm.ru/rulebot"],
    ["retailcrm", "old.retailcrm.ru/rulebot"],
  ])("%j is %s", (named, id) => {
    expect(choose(named)).toEqual({ kind: "chosen", ids: [id] });
  });

  it("left out is all of them", () => {
    expect(choose(null)).toEqual({ kind: "chosen", ids: all });
  });

  it("may be a part of several: then they are told", () => {
    expect(choose("simla")).toEqual({ kind: "ambiguous", matches: all.slice(0, 2) });
  });

  it("is its own full name, even when that is a part of another", () => {
    const longer = { id: "joanna.simla.com/rulebot", crmUrl: "https://joanna.simla.com" };
    expect(chooseConnections([...connections, longer], "anna.simla.com")).toMatchObject({ kind: "chosen" });
    expect(chooseConnections([...connections, longer], "anna")).toMatchObject({ kind: "ambiguous" });
  });

  it.each([
    ["ana.simla.com", "anna.simla.com/rulebot"],
    ["somebody.example", null],
    ["", null],
  ])("%j is none: did you mean %s?", (named, near) => {
    expect(choose(named)).toEqual({ kind: "unknown", known: all, near });
  });
});

describe("the connection that somebody names in full", () => {
  it.each(["anna.simla.com/rulebot", "Anna.Simla.com", "https://anna.simla.com/"])("is meant by %j", (named) => {
    expect(chooseByWholeName(connections, named)).toEqual({ kind: "chosen", ids: ["anna.simla.com/rulebot"] });
  });

  it.each(["anna", "new.retail", "ОЛД"])("is not meant by %j", (named) => {
    expect(chooseByWholeName(connections, named).kind).not.toBe("chosen");
  });

  it("is told when only a part of it was written", () => {
    expect(chooseByWholeName(connections, "boris")).toEqual({ kind: "part", id: "boris.simla.com/rulebot" });
  });
});
