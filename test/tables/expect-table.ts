import type { Json } from "../../src/types/json.ts";

/** What an answer to `ask` becomes where it fits, and words that are no such answer. Asked on Friday, 20 November 2026, of a
 *  Spanish shop. */
interface ExpectRow {
  /** More keys of `ask`. */
  readonly keys?: string;
  readonly takes: readonly (readonly [said: string, saved: Json])[];
  readonly refuses: readonly string[];
}

/** Every word of `expect:`. A text is whatever is said: nothing but silence is wrong. */
export const EXPECT_TABLE: Readonly<Record<string, ExpectRow>> = {
  text: {
    takes: [
      ["To the  blue door!", "To the  blue door!"],
      ["5", "5"],
      ["да", "да"],
    ],
    refuses: ["  "],
  },
  phone: {
    takes: [
      ["+34 600 123 456", "+34600123456"],
      ["mi tel. es 600123456", "+34600123456"],
    ],
    refuses: ["call me", "12", "600"],
  },
  email: {
    takes: [
      ["marta@mail.example", "marta@mail.example"],
      ["es Marta@Mail.example, gracias", "Marta@mail.example"],
    ],
    refuses: ["marta at mail", "a@b@c", "no"],
  },
  number: {
    takes: [
      ["3", 3],
      ["2,5", 2.5],
      ["dos", 2],
      ["about 12 pieces", 12],
    ],
    refuses: ["many", "1 or 2", "-"],
  },
  date: {
    takes: [
      ["mañana", "2026-11-21"],
      ["12.03.2027", "2027-03-12"],
      ["12 de marzo", "2027-03-12"],
    ],
    refuses: ["one day", "31.02.2027", "32"],
  },
  choice: {
    keys: "choices: [Madrid, Another city]",
    takes: [
      ["madrid!", "Madrid"],
      ["2", "Another city"],
      ["Another city", "Another city"],
    ],
    refuses: ["Oslo", "3", "a city"],
  },
  order_number: {
    takes: [
      ["4117A", "4117A"],
      ["It is № 4117a", "4117a"],
    ],
    refuses: ["I forgot", "?"],
  },
};
