import { expect, it } from "vitest";
import { audit, type Said, spread } from "./audit.ts";

let lastId = 0;
const said = (by: Said["by"], content: string, over: Partial<Said> = {}): Said => {
  lastId += 1;
  return { id: lastId, chatId: 1, by, content, at: lastId * 10, ...over };
};
const customer = (content: string, over: Partial<Said> = {}) => said("customer", content, over);
const bot = (content: string, over: Partial<Said> = {}) => said("bot", content, over);
const texts = (messages: readonly Said[]) => messages.map(({ content }) => content);

it("finds what was never answered and what was answered more than once", () => {
  const found = audit([customer("a"), customer("b"), customer("c"), bot("re a"), bot("re c"), bot("re c")]);
  expect([found.asked, texts(found.lost), texts(found.doubled)]).toEqual([3, ["b"], ["c"]]);
  expect(found.messages.map(({ times }) => times)).toEqual([1, 0, 2]);
});

it("takes no other words of the bot for an answer", () => {
  expect(texts(audit([customer("a"), bot("welcome")]).lost)).toEqual(["a"]);
});

it("finds an answer that overtook another in its chat, and lets chats overtake each other", () => {
  const two = { chatId: 2 };
  const fine = audit([customer("a"), customer("x", two), bot("re x", two), bot("re a")]);
  expect(fine.outOfOrder).toEqual([]);
  const wrong = audit([customer("a"), customer("b"), customer("c"), bot("re b"), bot("re a"), bot("re c")]);
  expect(texts(wrong.outOfOrder)).toEqual(["re a"]);
});

it("goes by the ids of messages, not by the order in which they are handed over", () => {
  const conversation = [customer("a"), customer("b"), bot("re a"), bot("re b")];
  expect(audit(conversation.toReversed()).outOfOrder).toEqual([]);
});

it("measures from a message to its first answer", () => {
  const { messages, latencyMs } = audit([
    customer("a", { at: 1_000 }),
    bot("re a", { at: 1_300 }),
    bot("re a", { at: 9_000 }),
  ]);
  expect([messages[0]?.latencyMs, latencyMs.most]).toEqual([300, 300]);
});

it("gives percentiles that are values that occurred", () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(spread(values)).toEqual({ p50: 50, p95: 95, p99: 99, most: 100 });
  expect(spread([])).toEqual({ p50: 0, p95: 0, p99: 0, most: 0 });
});
