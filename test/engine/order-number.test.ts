import { describe, expect, it } from "vitest";
import { numberSpellings, plainNumber } from "../../src/engine/order-number.ts";

describe("an order's number", () => {
  it.each([
    { typed: "4117A", plain: "4117A" },
    { typed: " № 4117a ", plain: "4117A" },
    { typed: "#4117A", plain: "4117A" },
    { typed: "Nº4117A", plain: "4117A" },
    { typed: "no. 4117a", plain: "4117A" },
    { typed: "4117А", plain: "4117A" }, // a Russian А
    { typed: "4118с", plain: "4118C" }, // a Russian с
    { typed: "ЖД-12", plain: "ЖД-12" },
    { typed: "  ", plain: null },
    { typed: "#", plain: null },
    { typed: "1".repeat(41), plain: null },
    { typed: null, plain: null },
  ])("$typed is $plain", ({ typed, plain }) => {
    expect(plainNumber(typed)).toBe(plain);
  });

  it("is asked for as typed, in capitals and in Latin letters, each once", () => {
    expect(numberSpellings("№4117а")).toEqual(["4117а", "4117А", "4117A"]);
    expect(numberSpellings("4117A")).toEqual(["4117A"]);
    expect(numberSpellings("#")).toEqual([]);
  });
});
