import { expect, it } from "vitest";
import { ApiError } from "../src/api/errors.ts";
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
