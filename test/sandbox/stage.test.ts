import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../src/sandbox/http/rates.ts";
import { createStage } from "../../src/sandbox/stage.ts";
import { createWorld } from "../../src/sandbox/world/create.ts";
import { Refusal } from "../../src/sandbox/world/refusal.ts";
import { shopSeed } from "../../src/sandbox/world/seed.ts";
import { freshSandbox, registeredClient } from "../helpers/sandbox.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

describe("waiting", () => {
  it("for a change ignores what has happened before", async () => {
    const sandbox = await freshSandbox();
    sandbox.customerSays("one");
    const next = sandbox.waitFor(({ kind }) => kind === "message");
    sandbox.customerSays("two");
    expect(await next).toMatchObject({ message: { content: "two" } });
  });

  it("for a state looks at once and after every change", async () => {
    const sandbox = await freshSandbox();
    sandbox.customerSays("one");
    await sandbox.until((world) => world.chats.size === 1);
    const later = sandbox.until((world) => world.chats.size === 2);
    sandbox.customerSays("two", { channel: "whatsapp" });
    await later;
  });

  it("that is in vain says what happened last", async () => {
    const sandbox = await freshSandbox();
    const { id } = sandbox.customerSays("one");
    await expect(sandbox.waitFor(() => false, 1)).rejects.toThrow(
      `not within 1 ms; last: chat_created, dialog_opened, message #${id} text received, message #${id + 2} system received`,
    );
  });

  it("ends when the listener is taken off", async () => {
    const sandbox = await freshSandbox();
    const kinds: string[] = [];
    const off = sandbox.on(({ kind }) => kinds.push(kind));
    sandbox.setOnline("Ivan", true);
    off();
    sandbox.setOnline("Ivan", false);
    expect(kinds).toEqual(["person"]);
  });
});

describe("what was refused", () => {
  it("leaves nothing behind that the next action would tell", () => {
    const stage = createStage({ world: createWorld({ seed: shopSeed, now: 0 }), clock: createVirtualClock() });
    const heard: unknown[] = [];
    stage.onFrame((frame) => heard.push(frame.type));
    const refuse = () =>
      stage.act((world) => {
        world.frames.push({ type: "half", meta: { timestamp: 0 }, data: {}, mass: false });
        throw new Refusal(400, ["no"]);
      });
    expect(refuse).toThrow("no");
    stage.act(() => {});
    expect(heard).toEqual([]);
  });
});

describe("time", () => {
  it("is the clock's: a message is sent when its time has come", async () => {
    const clock = createVirtualClock();
    const sandbox = await freshSandbox({ clock, behaviour: { sentAfterMs: 60_000 } });
    sandbox.customerSays("hi");
    const { id } = sandbox.managerSays("hello");
    await clock.advance(59_999);
    expect(sandbox.world.messages.get(id)?.status).toBe("sending");
    await clock.advance(1);
    expect(sandbox.world.messages.get(id)?.status).toBe("sent");
  });
});

describe("the rate limit", () => {
  it("counts the last second by key, and not what it refused", () => {
    const rate = createRateLimit(() => 2);
    expect([0, 1, 2, 999, 1000, 1001, 1002].map((now) => rate.allow("a", now))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(rate.allow("b", 2)).toBe(true);
  });
});

describe("requests", () => {
  it("are remembered with their body and status", async () => {
    const { sandbox, api } = await registeredClient();
    const { chatId } = sandbox.customerSays("hello");
    const body = { chat_id: chatId, scope: "public", type: "text", content: "Hi" };
    const answered = sandbox.waitFor(({ kind }) => kind === "answered");
    await api("sendMessage", { body });
    await answered;
    expect(sandbox.requests.at(-1)).toMatchObject({
      server: "gateway",
      method: "POST",
      path: "/api/bot/v1/messages",
      query: "",
      body,
      status: 200,
    });
  });
});

describe("the seed", () => {
  it("is the friendly shop, with anything of one's own in its place", async () => {
    const sandbox = await freshSandbox({
      seed: { people: [{ name: "Ana de la Cruz", technical: true }], apiKey: "my-own-key" },
    });
    const [person] = sandbox.world.people.values();
    expect(person).toMatchObject({ firstName: "Ana", lastName: "de la Cruz", technical: true, online: false });
    expect(sandbox.apiKey).toBe("my-own-key");
    expect([...sandbox.world.customers.values()].map(({ firstName }) => firstName)).toEqual(["Marta"]);
  });
});

it("starting at a taken port is refused, and nothing stays open", async () => {
  const first = await freshSandbox();
  const port = Number(new URL(first.crmUrl).port);
  await expect(freshSandbox({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it("stopping ends requests that hang", async () => {
  const sandbox = await freshSandbox();
  sandbox.faults.add({ kind: "hang" });
  const struck = sandbox.waitFor(({ kind }) => kind === "fault");
  const asking = fetch(`${sandbox.crmUrl}/api/system-info`);
  const failed = expect(asking).rejects.toThrow("fetch failed");
  await struck;
  await sandbox.stop();
  await failed;
});
