import { describe, expect, it } from "vitest";
import type { ApiErrorDetails } from "../../src/api/errors.ts";
import { afterFailure } from "../../src/connection/performing/after-failure.ts";
import { failure } from "./desk.ts";

type Row = Partial<ApiErrorDetails> & { readonly what: string };

const next = (operation: string, kind: "once" | "repeatable", details: Partial<ApiErrorDetails>) =>
  afterFailure({ operation, kind, error: failure(details), attempt: 1, random: 0 });

describe("a message that was not answered as it should", () => {
  it.each<Row & { does: string }>([
    { what: "connection refused", status: null, sent: "no", does: "again" },
    { what: "too many requests", kind: "limited", status: 429, sent: "no", does: "again" },
    { what: "the gateway's own 503", kind: "limited", status: 503, sent: "no", does: "again" },
    { what: "a proxy's 503", status: 503, sent: "maybe", does: "verify" },
    { what: "502", status: 502, sent: "maybe", does: "verify" },
    { what: "a lost answer", status: null, sent: "maybe", does: "verify" },
    { what: "200 with half a body", kind: "not_json", status: 200, sent: "yes", does: "verify" },
    { what: "a web page", kind: "not_json", status: 200, sent: "maybe", does: "verify" },
    { what: "400", kind: "bad_request", status: 400, sent: "no", does: "fail" },
    { what: "404", kind: "not_found", status: 404, sent: "no", does: "fail" },
    { what: "401", kind: "refused", status: 401, sent: "no", does: "ask_who_we_are" },
  ])("$what: $does", ({ what: _what, does, ...details }) => {
    expect(next("sendMessage", "once", details).do).toBe(does);
  });
});

describe("an assignment that was not answered as it should", () => {
  it.each<Row & { does: string }>([
    { what: "connection refused", status: null, sent: "no", does: "again" },
    { what: "a lost answer", status: null, sent: "maybe", does: "again" },
    { what: "502", status: 502, sent: "maybe", does: "again" },
    { what: "200 with half a body", kind: "not_json", status: 200, sent: "yes", does: "done" },
    { what: "already so", kind: "bad_request", status: 400, sent: "no", errors: ["Already assigned."], does: "done" },
    { what: "400", kind: "bad_request", status: 400, sent: "no", errors: ["No such user."], does: "fail" },
  ])("$what: $does", ({ what: _what, does, ...details }) => {
    expect(next("assignDialogResponsible", "repeatable", details).do).toBe(does);
  });
});

it("fails in our own words where the server has none", () => {
  const error = { kind: "bad_request", status: 400, sent: "no", message: "POST /messages was not accepted" } as const;
  expect(next("sendMessage", "once", error)).toEqual({ do: "fail", reason: "POST /messages was not accepted" });
});
