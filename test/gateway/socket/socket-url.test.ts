import { expect, it } from "vitest";
import { socketUrl } from "../../../src/gateway/socket/socket-url.ts";

it.each([
  { endpointUrl: "https://mg.test", events: ["message_new"], url: "wss://mg.test/api/bot/v1/ws?events=message_new" },
  { endpointUrl: "http://127.0.0.1:9/", events: ["a", "b"], url: "ws://127.0.0.1:9/api/bot/v1/ws?events=a,b" },
  { endpointUrl: "https://mg.test/api/bot/v1", events: ["a", "b", "a"], url: "wss://mg.test/api/bot/v1/ws?events=a,b" },
  { endpointUrl: "https://mg.test", events: ["a&b=c"], url: "wss://mg.test/api/bot/v1/ws?events=a%26b%3Dc" },
])("the socket for $events at $endpointUrl is $url", ({ endpointUrl, events, url }) => {
  expect(socketUrl(endpointUrl, events)).toBe(url);
});

it("there is none for an address that is none", () => {
  expect(() => socketUrl("mg.test", ["a"])).toThrow("The address of the gateway is not a web address");
});
