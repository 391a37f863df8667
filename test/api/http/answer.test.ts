import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/api/errors.ts";
import { type RawAnswer, readAnswer } from "../../../src/api/http/answer.ts";

const raw = (part: Partial<RawAnswer>): RawAnswer => ({
  label: "POST http://mg.test/api/bot/v1/messages",
  status: 200,
  text: "{}",
  retryAfter: undefined,
  location: undefined,
  now: Date.parse("2026-06-30T08:00:00Z"),
  ...part,
});

function failure(part: Partial<RawAnswer>): ApiError {
  try {
    readAnswer(raw(part));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("it was read as a success");
}

describe("reading an answer", () => {
  it.each([
    { status: 200, text: '{"message_id":1}', body: { message_id: 1 } },
    { status: 201, text: '{"id":1}', body: { id: 1 } },
    { status: 200, text: "null", body: null },
    { status: 200, text: "", body: null },
    { status: 204, text: "", body: null },
    { status: 200, text: "[]", body: [] },
  ])("takes $status with $text", ({ status, text, body }) => {
    expect(readAnswer(raw({ status, text }))).toEqual(body);
  });

  const page = "<html><body>Bad gateway</body></html>";
  it.each([
    {
      status: 400,
      text: '{"errors":["text is too long"]}',
      kind: "bad_request",
      sent: "no",
      said: "answered 400: text is too long",
    },
    { status: 400, text: "", kind: "bad_request", sent: "no", said: "answered 400" },
    {
      status: 401,
      text: '{"errors":["unauthorized"]}',
      kind: "refused",
      sent: "no",
      said: "answered 401: unauthorized",
    },
    { status: 403, text: page, kind: "refused", sent: "no", said: "answered 403" },
    {
      status: 404,
      text: '{"errors":["chat #5 not found"]}',
      kind: "not_found",
      sent: "no",
      said: "answered 404: chat #5 not found",
    },
    { status: 404, text: page, kind: "not_json", sent: "no", said: "answered 404 with a web page instead of JSON" },
    { status: 405, text: page, kind: "not_json", sent: "no", said: "answered 405 with a web page instead of JSON" },
    {
      status: 402,
      text: '{"success":false,"errorMsg":"Not enough money"}',
      kind: "bad_request",
      sent: "no",
      said: "answered 402: Not enough money",
    },
    { status: 408, text: "", kind: "unavailable", sent: "maybe", said: "answered 408" },
    {
      status: 429,
      text: '{"errors":["too many requests"]}',
      kind: "limited",
      sent: "no",
      said: "answered 429: too many requests",
    },
    { status: 429, text: page, kind: "limited", sent: "no", said: "answered 429" },
    { status: 500, text: '{"errors":["oops"]}', kind: "unavailable", sent: "maybe", said: "answered 500: oops" },
    { status: 502, text: page, kind: "unavailable", sent: "maybe", said: "answered 502" },
    {
      status: 503,
      text: '{"success":false,"errorMsg":"Rate limit exceeded"}',
      kind: "limited",
      sent: "no",
      said: "answered 503: Rate limit exceeded",
    },
    { status: 503, text: page, kind: "unavailable", sent: "maybe", said: "answered 503" },
    { status: 503, text: "", kind: "unavailable", sent: "maybe", said: "answered 503" },
    { status: 504, text: "gateway timeout", kind: "unavailable", sent: "maybe", said: "answered 504" },
    { status: 200, text: page, kind: "not_json", sent: "maybe", said: "answered 200 with a web page instead of JSON" },
    {
      status: 200,
      text: '{"message_id":',
      kind: "not_json",
      sent: "maybe",
      said: "answered 200 with something unusable: not JSON",
    },
    {
      status: 200,
      text: '{"message_id":9007199254740993}',
      kind: "not_json",
      sent: "yes",
      said: 'answered 200 with something unusable: "message_id" holds a number above 2^53',
    },
    { status: 101, text: "", kind: "bad_request", sent: "no", said: "answered 101" },
  ])("takes $status $text as $kind, sent: $sent", ({ status, text, kind, sent, said }) => {
    const error = failure({ status, text });
    expect(error).toMatchObject({ kind, sent, status });
    expect(error.message).toBe(`POST http://mg.test/api/bot/v1/messages ${said}`);
  });

  it("names the host that a redirect points to, never its whole address", () => {
    const error = failure({ status: 302, text: "", location: "https://user:pw@login.test/a?token=7f31" });
    expect(error).toMatchObject({ kind: "bad_request", sent: "no", status: 302 });
    expect(error.message).toBe(
      "POST http://mg.test/api/bot/v1/messages answered 302 and points to https://login.test; redirects are not followed",
    );
  });

  it("takes a redirect to nowhere for what it is", () => {
    expect(failure({ status: 301 }).message).toContain("points to another address");
  });

  it("passes on how long the server asks to wait", () => {
    expect(failure({ status: 429, retryAfter: "3" }).retryAfterMs).toBe(3_000);
    expect(failure({ status: 503, retryAfter: "Tue, 30 Jun 2026 08:00:09 GMT" }).retryAfterMs).toBe(9_000);
    expect(failure({ status: 503 }).retryAfterMs).toBeNull();
  });

  it.each([
    { text: '{"errors":["a","b"]}', errors: ["a", "b"] },
    { text: '{"errors":"a"}', errors: ["a"] },
    {
      text: '{"errorMsg":"Errors in the entity format","errors":{"name":"is empty","code":["too long","odd"]}}',
      errors: ["Errors in the entity format", "name: is empty", "code: too long", "code: odd"],
    },
    { text: '{"errorMsg":"Not found"}', errors: ["Not found"] },
    { text: '{"errors":[]}', errors: [] },
    { text: '{"errors":[null,3,{"x":"y"}]}', errors: ["x: y"] },
    { text: '["a"]', errors: [] },
    { text: '{"errors":["  a \\n b  "]}', errors: ["a b"] },
  ])("finds the server's own words in $text", ({ text, errors }) => {
    expect(failure({ status: 400, text }).errors).toEqual(errors);
  });

  it("keeps ten words of the server at most, each of 300 characters at most", () => {
    const text = JSON.stringify({ errors: Array.from({ length: 50 }, () => "x".repeat(5_000)) });
    const { errors } = failure({ status: 400, text });
    expect(errors.map((words) => words.length)).toEqual(Array.from({ length: 10 }, () => 300));
  });
});
