import type { Cleaner } from "../../e2e/bot.ts";
import type { Limit } from "./limit.ts";
import type { Random } from "./random.ts";

/** What a scenario runs in. Whatever it opens is put away through `onTestFinished`, last opened first. */
export interface Lab extends Cleaner {
  readonly random: Random;
  /** A small part of the whole, for `npm test` and for trying things out. */
  readonly short: boolean;
  /** Chooses how much is done. */
  size(full: number, short: number): number;
  /** Tells whoever looks on how far it is. */
  tell(words: string): void;
}

/** What came out. A figure that could not be measured is null, and then not reached. */
export interface Measured<Name extends string = string> {
  /** How much was really done, in words: the table shows it beside the figures. */
  readonly extent: string;
  readonly reached: Readonly<Record<Name, number | null>>;
}

/** One fault, injected into the real program, and the figures that its promise asks for. */
export interface Scenario<Name extends string = string> {
  /** Its first row in the list of faults; the promise itself where the list has no row for it. */
  readonly id: `${"F" | "P"}${number}`;
  /** Every row of the list of faults that it injects. */
  readonly faults: readonly string[];
  /** The promises that its figures prove. */
  readonly promise: string;
  readonly title: string;
  readonly asked: Readonly<Record<Name, Limit>>;
  /** Its figures are so short, or its load so heavy, that it needs the machine for itself. */
  readonly alone?: true;
  /** It takes more than five minutes: begun first, so that nobody waits for it alone in the end. */
  readonly long?: true;
  run(lab: Lab): Promise<Measured<Name>>;
}

/** Keeps the names of asked and reached figures in step. */
export const scenario = <Name extends string>(made: Scenario<Name>): Scenario => made as Scenario;
