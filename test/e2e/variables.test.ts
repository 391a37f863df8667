import { expect, it } from "vitest";
import { connected, heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const RULES = `
- rule: Count visits
  when: {message_is: count}
  do:
    - set: {chat.visits: "{{ chat.visits | plus: 1 }}"}
    - reply: Visit {{ chat.visits }}.
    - reply: A regular!
      if: {more_than: {chat.visits: 1}}
- rule: Sizes
  when: {message_has: sizes}
  do:
    - ask: Which sizes?
      save: customer.sizes
    - reply: "{{ customer.sizes.size }} of them, the first is {{ customer.sizes.first }}."
- rule: Newsletter
  when: {message_is: news}
  do:
    - set: {customer.newsletter: "yes"}
    - reply: "{{ customer.newsletter or 'unknown' }} now"
    - wait: 2s
    - reply: "{{ customer.newsletter or 'unknown' }} later"
- rule: Set visits
  when: {message_matches: "visits (?P<count>.+)"}
  do:
    - set: {chat.visits: "{{ match.count }}"}
    - reply: It is {{ chat.visits }}.
`;
const HEAD = `
bot: {answers_per_minute: 100, requests_per_second: 50}
include: rules/*.yaml
variables:
  chat.visits: number
`;
const MORE = "variables:\n  customer.sizes: list\n  customer.newsletter: {type: flag, keep: 1s}\n";

it("keeps declared variables as what they are, across a restart, and forgets them in time", async (test) => {
  const sandbox = await sandboxFor(test);
  const files = { "bot.config.yaml": connected(RULES, HEAD), "rules/more.yaml": MORE };
  const first = await listeningBot(test, sandbox, { files });
  const say = async (text: string, answers: number) => {
    const before = spoken(sandbox).length;
    sandbox.customerSays(text);
    return (await heard(sandbox, before + answers)).slice(before);
  };
  expect(await say("count", 1)).toEqual(["public: Visit 1."]);
  expect(await say("visits many", 1)).toEqual(["public: It is 1."]);
  const withheld = await first.logged(({ msg }) => msg === "action withheld");
  expect(withheld).toMatchObject({ action: "set", reason: "type" });
  expect(await say("sizes", 1)).toEqual(["public: Which sizes?"]);
  await first.stop();
  await listeningBot(test, sandbox, { files: {}, folder: first.folder });
  expect(await say("S, M, XL", 1)).toEqual(["public: 3 of them, the first is S."]);
  expect(await say("count", 2)).toEqual(["public: Visit 2.", "public: A regular!"]);
  expect(await say("news", 2)).toEqual(["public: true now", "public: unknown later"]);
});
