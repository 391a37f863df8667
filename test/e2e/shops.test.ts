import { expect, it } from "vitest";
import { playTest } from "../../src/testing/play.ts";
import type { RuleTest } from "../../src/testing/read-tests.ts";
import { seedOf } from "../../src/testing/seed.ts";
import { filesOf, openShop, type Shop, textOf } from "../shops/shops.ts";
import { heard, listeningBot, sandboxFor } from "./bot.ts";

/** What connects a shop's own file to the sandbox. */
const CONNECTED = `
crm: {url: "\${CRM_URL}", api_key: "\${CRM_API_KEY}"}
http: {host: 127.0.0.1, port: 0}
log: {format: json, level: info}
`;

/** Conversations whose answers do not hang on the day and the hour. */
const PLAYED = [
  { name: "bookshop", title: "An order of another address needs the e-mail in it" },
  { name: "bookshop", title: "По-русски" },
  { name: "furniture", title: "Нет — так нет" },
];

function filesFor({ name }: Shop): Readonly<Record<string, string>> {
  const files = filesOf(name).map((file) => [file, textOf(name, file) + (file === "bot.config.yaml" ? CONNECTED : "")]);
  return Object.fromEntries(files);
}

/** What the bot of the test says until its n-th step, for every n. */
async function saidBySteps(shop: Shop, test: RuleTest): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    test.raw.steps.map(async (_, index) => {
      const raw = { ...test.raw, steps: test.raw.steps.slice(0, index + 1) };
      const { whole } = await playTest({ ...test, raw }, shop.rulebook);
      const bodies = whole.sent.map(({ call }) => (call.operation === "sendMessage" ? call.body : null));
      return bodies.flatMap((body) => (body === null ? [] : [`${body.scope}: ${body.content ?? body.type}`]));
    }),
  );
}

it.for(PLAYED)("says in the real program what its test says: $name, $title", async ({ name, title }, context) => {
  const shop = await openShop(name);
  const test = shop.tests.find((one) => one.name === title);
  if (test === undefined) throw new Error(`the shop has no test "${title}"`);
  const said = await saidBySteps(shop, test);
  const sandbox = await sandboxFor(context, { seed: seedOf(test.scene, shop.rulebook) });
  await listeningBot(context, sandbox, { files: filesFor(shop) });
  for (const [index, step] of test.raw.steps.entries()) {
    if ("customer" in step && typeof step.customer === "string") sandbox.customerSays(step.customer);
    expect(await heard(sandbox, said[index]?.length ?? 0)).toEqual(said[index]);
  }
  expect(said.at(-1)?.length).toBeGreaterThan(1);
});
