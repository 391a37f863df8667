import { expect, it } from "vitest";
import type { Rulebook } from "../../src/types/rule.ts";
import { conversation, rulebook, said, shortly } from "../engine/world.ts";
import { EXPECT_TABLE } from "./expect-table.ts";

const rows = Object.entries(EXPECT_TABLE).flatMap(([kind, { keys = "", takes, refuses }]) => [
  ...takes.map(([text, saved]) => ({ kind, keys, text, saved })),
  ...refuses.map((text) => ({ kind, keys, text, saved: "asked again" })),
]);

it.each(rows)("expect: $kind makes of '$text': $saved", ({ kind, keys, text, saved }) => {
  const written = rulebook(
    `- rule: R\n  when: {message_is: hello}\n  do:\n    - ask: Well?\n      expect: ${kind}\n      ${keys}\n      save: dialog.x\n      retry: {say: Again?}\n    - note: Done.`,
  );
  const rules: Rulebook = { ...written, language: "es", timezone: "Europe/Madrid" };
  const last = conversation(rules, [said("hello"), said(text)]).at(-1);
  const kept = last?.state.dialog?.variables.x;
  expect(kept === undefined ? [kind, "asked again"] : [kind, kept]).toEqual([kind, saved]);
  const again = saved === "asked again";
  expect(last && shortly(last)[0]?.startsWith(again ? "public: Again?" : "private: Done.")).toBe(true);
});
