import { expect, it, onTestFinished } from "vitest";
import { answer, startHttpServer } from "../helpers/http-server.ts";
import { connected, heard, listeningBot, sandboxFor } from "./bot.ts";

it("shows a customer their own order, and not another's by its number alone", async (test) => {
  const sandbox = await sandboxFor(test);
  const rules = `
- rule: Order
  when: {message_matches: "order (?P<number>[0-9A-Z]+)"}
  do:
    - look_up: order
      by: {number: "{{ match.number }}"}
      found:
        - reply: Order {{ order.number }}, {{ order.currency or "?" }}.
      not_found:
        - reply: I can't find it.
`;
  await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules) } });
  sandbox.customerSays("order 4117A");
  expect(await heard(sandbox, 1)).toEqual(["public: Order 4117A, EUR."]);
  sandbox.customerSays("order 4118A");
  expect(await heard(sandbox, 2)).toEqual(["public: Order 4117A, EUR.", "public: I can't find it."]);
});

it("calls a service inside the network only when the file allows it", async (test) => {
  const shop = await startHttpServer((response) => answer(response, 200, { count: 3 }));
  onTestFinished(() => shop.stop());
  const rules = `
- rule: Stock
  when: {message: text}
  do:
    - http:
        url: ${shop.url}/stock
        save: stock
      ok:
        - reply: "{{ stock.count }} are left."
      failed:
        - reply: I don't know.
`;
  const allowing = connected(rules).replace("port: 0}", `port: 0, allowed_hosts: ["127.0.0.1:${shop.port}"]}`);
  for (const [file, says] of [
    [connected(rules), "public: I don't know."],
    [allowing, "public: 3 are left."],
  ] as const) {
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: { "bot.config.yaml": file } });
    sandbox.customerSays("How many?");
    expect(await heard(sandbox, 1)).toEqual([says]);
  }
  expect(shop.requests.map(({ path }) => path)).toEqual(["/stock"]);
});
