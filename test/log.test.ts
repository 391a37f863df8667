import { describe, expect, it } from "vitest";
import { ApiError } from "../src/api/errors.ts";
import { createSecretKeeper } from "../src/log.ts";
import { createTestLog } from "./helpers/test-log.ts";

it("tells what happened outside in one sentence, without a stack trace", () => {
  const { log, lines } = createTestLog();
  const error = new ApiError({ kind: "unavailable", sent: "no", status: 502, message: "GET /bots answered 502" });
  log.child({ connection: "shop" }).warn({ err: error }, "asking again");
  const [line] = lines();
  expect(line).toMatchObject({
    connection: "shop",
    err: { type: "ApiError", message: "GET /bots answered 502", status: 502 },
  });
  expect(line?.err).not.toHaveProperty("stack");
});

it("keeps the stack of a fault of the program, which nobody could find without it", () => {
  const { log, lines } = createTestLog();
  log.error({ err: new TypeError("x is not a function") }, "broken");
  expect(lines()[0]).toMatchObject({
    err: { type: "TypeError", message: "x is not a function", stack: expect.stringContaining("log.test.ts") },
  });
});

it("takes what is thrown without being an error as it is", () => {
  const { log, lines } = createTestLog();
  log.error({ err: { type: "odd" } }, "broken");
  expect(lines()[0]).toMatchObject({ err: { type: "odd" } });
});

describe("a keeper of secrets", () => {
  const keeping = (...values: string[]) => {
    const keeper = createSecretKeeper();
    for (const value of values) keeper.add(value);
    return keeper;
  };

  it.each([
    { secrets: ["abcdefgh"], text: "x abcdefgh y abcdefgh", clean: "x [secret] y [secret]" },
    { secrets: ["abcdefgh"], text: "abcdefghabcdefgh", clean: "[secret][secret]" },
    { secrets: ["abcdefgh"], text: "abcdefg", clean: "abcdefg" },
    { secrets: ["abcdef", "abcdefgh"], text: "abcdefgh abcdef", clean: "[secret] [secret]" },
    { secrets: ["abcdefgh", "abcdef12"], text: "abcdef12 abcdefgh", clean: "[secret] [secret]" },
    { secrets: ['quo"ted'], text: '{"a":"quo\\"ted"}', clean: '{"a":"[secret]"}' },
    { secrets: ["a b/c&d"], text: "?key=a%20b%2Fc%26d", clean: "?key=[secret]" },
    { secrets: ["a b/c&d"], text: "aaa b/c&d", clean: "aa[secret]" },
    { secrets: ["short"], text: "short", clean: "short" },
    { secrets: ["\ud800 broken"], text: "\ud800 broken", clean: "[secret]" },
  ])("takes $secrets out of $text", ({ secrets, text, clean }) => {
    expect(keeping(...secrets).clean(text)).toBe(clean);
  });

  it("finds each of two thousand secrets", () => {
    const secrets = Array.from({ length: 2_000 }, (_, at) => `secret-${at}-${"x".repeat(at % 7)}`);
    const { clean } = keeping(...secrets);
    for (const secret of secrets) expect(clean(`<${secret}>`)).toBe("<[secret]>");
  });
});
