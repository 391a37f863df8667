import { expect, it } from "vitest";
import { gapText } from "../../src/cli/gap-text.ts";
import { sayIn } from "../../src/cli/words.ts";
import { createTally } from "../../src/connection/catch-up/tally.ts";
import type { Language } from "../../src/types/issue.ts";

const AT = Date.parse("2026-06-30T08:00:00Z");
const NOTHING = { tooOld: 0, tooMany: 0, more: false, lists: [] };

it.each<{ language: Language; says: string }>([
  { language: "en", says: "none since the start" },
  { language: "es", says: "ninguno desde el inicio" },
  { language: "ru", says: "с запуска не было" },
])("says that nothing was missed: $language", ({ language, says }) => {
  expect(gapText(sayIn(language), createTally().status())).toBe(says);
});

it.each<{ language: Language; says: string }>([
  {
    language: "en",
    says: "2 closed since the start, 17 messages found again; 7 messages lost (3 too old, 4 too many); perhaps more; lists not read: dialogs",
  },
  {
    language: "es",
    says: "2 cerrados desde el inicio, 17 mensajes recuperados; 7 mensajes perdidos (3 demasiado antiguos, 4 de más); quizá más; listas sin leer: dialogs",
  },
  {
    language: "ru",
    says: "закрыто с запуска: 2, найдено сообщений: 17; потеряно сообщений: 7 (слишком старых: 3, сверх меры: 4); возможно, больше; не прочитаны списки: dialogs",
  },
])("says how much was found again and how much never will be: $language", ({ language, says }) => {
  const tally = createTally();
  tally.filled({ messages: 9, lost: NOTHING, at: AT });
  tally.filled({ messages: 6, lost: { tooOld: 3, tooMany: 4, more: true, lists: ["dialogs"] }, at: AT });
  tally.checked({ messages: 2, at: AT });
  expect(gapText(sayIn(language), tally.status())).toBe(says);
});

it("names what an open socket has left out although there was no gap", () => {
  const tally = createTally();
  tally.checked({ messages: 1, at: AT });
  expect(gapText(sayIn("en"), tally.status())).toBe("0 closed since the start, 1 messages found again");
});

it("tells of a gap that is not closed yet, and why", () => {
  const open = { ...createTally().status(), gap: true, trouble: null };
  expect(gapText(sayIn("en"), open)).toBe("none since the start; looking for what was missed");
  const trouble = { since: "2026-06-30T08:00:00.000Z", reason: "GET /messages was answered with 502" };
  expect(gapText(sayIn("en"), { ...open, trouble })).toBe(
    "none since the start; what was missed cannot be found out since 2026-06-30T08:00:00.000Z (GET /messages was answered with 502)",
  );
});
