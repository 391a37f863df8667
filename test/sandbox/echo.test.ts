import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGateway } from "../../src/sandbox/gateway/routes.ts";
import { createFaults } from "../../src/sandbox/http/faults.ts";
import { createRateLimit } from "../../src/sandbox/http/rates.ts";
import type { Behaviour } from "../../src/sandbox/options.ts";
import { createStage } from "../../src/sandbox/stage.ts";
import { createWorld } from "../../src/sandbox/world/create.ts";
import { editModule } from "../../src/sandbox/world/modules.ts";
import { shopSeed } from "../../src/sandbox/world/seed.ts";
import { chatOf } from "../../src/sandbox/world/speaking.ts";
import { at, MODULE } from "../helpers/sandbox.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

/** What leaves the gateway while four messages are sent, in order, seen at the server before any network. */
async function departures(echo: Behaviour["echo"]): Promise<readonly string[]> {
  const world = createWorld({ seed: shopSeed, behaviour: { echo }, now: 0 });
  const stage = createStage({ world, clock: createVirtualClock() });
  const { module } = editModule(world, 0, { code: MODULE.code, fields: MODULE });
  const [customer] = world.customers.values();
  if (customer === undefined || module.token === null) throw new Error("the seed has a customer, a bot module a token");
  const chat = chatOf(world, 0, customer);
  const tenant = { stage, faults: createFaults(), rate: createRateLimit(() => 100) };
  const { app } = createGateway({ tenantOf: () => tenant, log: null });
  const order: string[] = [];
  stage.onFrame(({ data }) => {
    if (at(data, "message.from.type") === "bot") order.push(`echo ${at(data, "message.content")}`);
  });
  app.addHook("onSend", async (request) => void order.push(`answer ${at(request.body, "content")}`));
  await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  for (const content of ["1", "2", "3", "4"]) {
    const body = JSON.stringify({ chat_id: chat.id, scope: "public", type: "text", content });
    const headers = { "x-bot-token": module.token, "content-type": "application/json" };
    const sent = await fetch(`http://127.0.0.1:${port}/api/bot/v1/messages`, { method: "POST", headers, body });
    await sent.text();
    while (!order.includes(`echo ${content}`)) await new Promise((resolve) => setImmediate(resolve));
  }
  return order;
}

describe("the echo of a sent message leaves", () => {
  it.each([
    {
      echo: "before" as const,
      order: ["echo 1", "answer 1", "echo 2", "answer 2", "echo 3", "answer 3", "echo 4", "answer 4"],
    },
    {
      echo: "after" as const,
      order: ["answer 1", "echo 1", "answer 2", "echo 2", "answer 3", "echo 3", "answer 4", "echo 4"],
    },
    {
      echo: "alternate" as const,
      order: ["echo 1", "answer 1", "answer 2", "echo 2", "echo 3", "answer 3", "answer 4", "echo 4"],
    },
  ])("$echo the answer", async ({ echo, order }) => {
    expect(await departures(echo)).toEqual(order);
  });
});
