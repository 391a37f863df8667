import { describe, expect, it } from "vitest";
import { isSameMessage, readableText } from "../../src/connection/performing/same-message.ts";
import type { JsonObject } from "../../src/types/json.ts";

const body = (over: JsonObject = {}): JsonObject => ({
  chat_id: 7,
  scope: "public",
  type: "text",
  content: "Hello",
  ...over,
});
const row = (over: JsonObject = {}): JsonObject => ({
  id: 1,
  scope: "public",
  type: "text",
  content: "Hello",
  quote: null,
  ...over,
});

describe("a stored message is the one that was sent", () => {
  it.each([
    { difference: "none", sent: body(), stored: row() },
    { difference: "trimmed white space", sent: body({ content: " Hello\n" }), stored: row() },
    { difference: "line ends", sent: body({ content: "a\r\nb" }), stored: row({ content: "a\nb" }) },
    {
      difference: "escapes",
      sent: body({ content: "<b> & \"x\" 'y'" }),
      stored: row({ content: "&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;" }),
    },
    { difference: "composition", sent: body({ content: "e\u0301" }), stored: row({ content: "\u00e9" }) },
    { difference: "a quote that the channel dropped", sent: body({ quote_message_id: 5 }), stored: row() },
    {
      difference: "a card with more fields",
      sent: body({ type: "product", content: null, product: { id: 3, name: "Tea" } }),
      stored: row({ type: "product", content: null, product: { id: 3, name: "Tea", url: "https://x" } }),
    },
    {
      difference: "captions",
      sent: body({ type: "image", content: null, items: [{ id: "a", caption: "" }] }),
      stored: row({ type: "image", content: null, items: [{ id: "a", width: 3 }] }),
    },
  ])("despite: $difference", ({ sent, stored }) => {
    expect(isSameMessage(sent, stored)).toBe(true);
  });

  it.each([
    { difference: "another text", sent: body(), stored: row({ content: "Hello!" }) },
    { difference: "another scope", sent: body(), stored: row({ scope: "private" }) },
    { difference: "another type", sent: body(), stored: row({ type: "image" }) },
    { difference: "another quoted message", sent: body({ quote_message_id: 5 }), stored: row({ quote: { id: 6 } }) },
    {
      difference: "another file",
      sent: body({ type: "image", items: [{ id: "a" }] }),
      stored: row({ type: "image", items: [{ id: "b" }] }),
    },
    {
      difference: "another product",
      sent: body({ type: "product", product: { id: 3 } }),
      stored: row({ type: "product", product: { id: 4 } }),
    },
  ])("not with: $difference", ({ sent, stored }) => {
    expect(isSameMessage(sent, stored)).toBe(false);
  });
});

it("unescapes once, so that a written &amp;lt; stays what the customer saw", () => {
  expect(readableText("&amp;lt;")).toBe("&lt;");
});
