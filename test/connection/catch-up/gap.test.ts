import { describe, expect, it } from "vitest";
import {
  chatsCall,
  dialogsCall,
  type Gap,
  gapAfter,
  messagesCall,
  placeOf,
  updatesCall,
} from "../../../src/connection/catch-up/gap.ts";
import {
  advanced,
  firstSeen,
  highestMessage,
  readSeen,
  type Seen,
  seenFact,
} from "../../../src/connection/catch-up/seen.ts";
import type { Event } from "../../../src/types/event.ts";
import { row } from "./bench.ts";

const NOW = Date.parse("2026-06-30T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const seen: Seen = { messageId: 1_000, at: NOW - HOUR, since: NOW - 30 * 24 * HOUR };
const gap = gapAfter(seen, NOW);
const iso = (at: number) => new Date(at).toISOString();

describe("what was seen", () => {
  it.each([
    { fact: null, read: null },
    { fact: "yesterday", read: null },
    { fact: {}, read: null },
    { fact: { at: NOW }, read: { messageId: null, at: NOW, since: NOW } },
    { fact: { messageId: 5, at: NOW, since: 7 }, read: { messageId: 5, at: NOW, since: 7 } },
    { fact: { messageId: "5", at: NOW, since: 7 }, read: { messageId: null, at: NOW, since: 7 } },
  ])("stored as $fact is $read", ({ fact, read }) => {
    expect(readSeen(fact)).toEqual(read);
  });

  it("is read as it was written", () => {
    expect(readSeen(seenFact(seen))).toEqual(seen);
    expect(readSeen(seenFact(firstSeen(NOW)))).toEqual({ messageId: null, at: NOW, since: NOW });
  });

  it.each([
    { messageId: 1_001, at: NOW, after: { messageId: 1_001, at: NOW } },
    { messageId: 999, at: NOW - 2 * HOUR, after: { messageId: 1_000, at: NOW - HOUR } },
    { messageId: 0, at: NOW, after: { messageId: 1_000, at: NOW } },
  ])("never goes back: with $messageId it is $after", ({ messageId, at, after }) => {
    expect(advanced(seen, { messageId, at })).toEqual({ ...seen, ...after });
  });

  it("moves on with new messages only: an old one may change at any time", () => {
    const event = (type: string, id: number): Event => ({ key: "", type, at: 0, chatId: 7, data: { message: { id } } });
    expect(highestMessage([event("message_new", 3), event("message_updated", 9), event("message_new", 2)])).toBe(3);
    expect(highestMessage([])).toBe(0);
  });
});

describe("what is asked for", () => {
  it("are messages a little before the last known one, by id", () => {
    expect(messagesCall(gap).query).toEqual({ since_id: 800 });
    expect(messagesCall({ ...gap, cursor: 5 }).query).toEqual({ since_id: 1 });
  });

  it("are messages by time while none is known, and none that could have changed", () => {
    const first = gapAfter(firstSeen(NOW - HOUR), NOW);
    expect(messagesCall(first).query).toEqual({ since: iso(NOW - HOUR) });
    expect(updatesCall(first)).toBeNull();
  });

  it("is everything else by the time of its last change, two minutes before the socket was last good", () => {
    const since = iso(NOW - HOUR - 2 * MINUTE);
    expect(updatesCall(gap)?.query).toEqual({ since, until_id: 1_000 });
    expect(dialogsCall(gap).query).toEqual({ since });
    expect(chatsCall(gap).query).toEqual({ since });
  });

  it("is nothing from before the connection began", () => {
    expect(gapAfter({ ...seen, since: NOW - HOUR - 5 }, NOW).from).toBe(NOW - HOUR - 5);
  });
});

describe("a listed message", () => {
  const none: Gap = { ...gap, cursor: 0 };
  it.each([
    { what: "after the last known one", id: 1_001, ago: HOUR, at: gap, place: "missed" },
    { what: "after it, though older by its clock", id: 1_001, ago: 2 * HOUR, at: gap, place: "missed" },
    { what: "before it, from just before the cut", id: 990, ago: HOUR + MINUTE, at: gap, place: "missed" },
    { what: "before it, from well before the cut", id: 990, ago: HOUR + 3 * MINUTE, at: gap, place: "known" },
    { what: "after it, older than a day", id: 1_001, ago: 24 * HOUR + 1, at: gap, place: "too_old" },
    { what: "after the cut where none is known", id: 5, ago: HOUR, at: none, place: "missed" },
    { what: "before the cut where none is known", id: 5, ago: HOUR + 3 * MINUTE, at: none, place: "known" },
  ])("$what is $place", ({ id, ago, at, place }) => {
    expect(placeOf(row(id, 7, NOW - ago), at)).toBe(place);
  });

  it("around the cut of a gap of more than a day is known, not lost", () => {
    const long = gapAfter({ ...seen, at: NOW - 30 * HOUR }, NOW);
    expect(placeOf(row(1_000, 7, NOW - 30 * HOUR), long)).toBe("known");
    expect(placeOf(row(1_001, 7, NOW - 30 * HOUR), long)).toBe("too_old");
  });

  it.each([{ id: null }, { id: "5" }, { chat_id: null }])("with %o is none", (over) => {
    expect(placeOf(row(1_001, 7, NOW, over), gap)).toBe("known");
  });

  it("without a moment is missed if its id is new", () => {
    expect(placeOf(row(1_001, 7, NOW, { created_at: null }), gap)).toBe("missed");
    expect(placeOf(row(999, 7, NOW, { created_at: null }), gap)).toBe("known");
  });
});
