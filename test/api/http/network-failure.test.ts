import { describe, expect, it } from "vitest";
import { failureWords, networkFailure } from "../../../src/api/http/network-failure.ts";

const failed = (code: string, message = "it broke") => Object.assign(new Error(message), { code });
const label = "POST http://mg.test/messages";

describe("a request without an answer", () => {
  it.each([
    {
      error: failed("ECONNREFUSED"),
      sent: "no",
      message: `${label} failed: nobody answers at this address (ECONNREFUSED)`,
    },
    { error: failed("ENOTFOUND"), sent: "no", message: `${label} failed: the host name is not known (ENOTFOUND)` },
    { error: failed("EAI_AGAIN"), sent: "no", message: `${label} failed: the host name is not known (EAI_AGAIN)` },
    { error: failed("EHOSTUNREACH"), sent: "no", message: `${label} failed: it broke (EHOSTUNREACH)` },
    { error: failed("ECONNRESET"), sent: "maybe", message: `${label} failed: it broke (ECONNRESET)` },
    { error: failed("EPIPE", "write EPIPE"), sent: "maybe", message: `${label} failed: write EPIPE` },
    { error: new Error("line one\nline two"), sent: "maybe", message: `${label} failed: line one` },
    { error: "no error at all", sent: "maybe", message: `${label} failed: unknown failure` },
  ])("$message, sent: $sent", ({ error, sent, message }) => {
    expect(networkFailure(error, { label, stopped: false })).toMatchObject({ kind: "unavailable", sent, message });
  });

  it("that cannot be written down at all is our fault, and is not tried again", () => {
    const error = networkFailure(failed("ERR_INVALID_CHAR", "Invalid character"), { label, stopped: false });
    const message = `${label} cannot be sent: Invalid character`;
    expect(error).toMatchObject({ kind: "bad_request", sent: "no", message });
  });

  it("keeps the network's code and words, not the original with its request", () => {
    const original = Object.assign(failed("ECONNRESET"), { options: { headers: { "x-bot-token": "canary" } } });
    const { cause } = networkFailure(original, { label, stopped: false });
    expect(cause).toEqual({ code: "ECONNRESET", message: "it broke" });
  });

  it("has words even without a message", () => {
    expect(failureWords(new Error(""))).toBe("unknown failure");
  });
});
