import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { callKind } from "../../src/api/bot-request.ts";
import { OPERATIONS, type OperationId } from "../../src/generated/bot-operations.ts";
import type { JsonObject } from "../../src/types/json.ts";

const ids = Object.keys(OPERATIONS) as OperationId[];

function check(schema: JsonObject) {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

describe("the table of operations", () => {
  it("holds all 26 of the Bot API", () => {
    expect(ids).toHaveLength(26);
    expect(new Set(ids.map((id) => `${OPERATIONS[id].method} ${OPERATIONS[id].path}`)).size).toBe(26);
  });

  it.each(ids)("has schemas for %s that stand alone", (id) => {
    const { pathParams, query, body, path } = OPERATIONS[id];
    for (const schema of [pathParams, query, ...(body === null ? [] : [body])])
      expect(() => check(schema)).not.toThrow();
    const braced = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(pathParams.required ?? []).toEqual(braced);
  });

  it("knows which bodies are forms with a file", () => {
    expect(ids.filter((id) => OPERATIONS[id].multipart)).toEqual(["uploadFile"]);
  });

  it.each([
    {
      id: "sendMessage",
      part: "body",
      value: { chat_id: 5301, scope: "public", type: "text", content: "Hello" },
      ok: true,
    },
    { id: "sendMessage", part: "body", value: { scope: "public", content: "Hello" }, ok: false },
    { id: "sendMessage", part: "body", value: { chat_id: 5301, scope: "secret" }, ok: false },
    {
      id: "sendMessage",
      part: "body",
      value: {
        chat_id: 5301,
        scope: "public",
        transport_attachments: { suggestions: [{ type: "text", title: "Yes" }] },
      },
      ok: true,
    },
    { id: "createOrUpdateCommand", part: "body", value: { description: "x".repeat(64) }, ok: true },
    { id: "createOrUpdateCommand", part: "body", value: { description: "x".repeat(65) }, ok: false },
    { id: "createOrUpdateCommand", part: "pathParams", value: { command_name: "x".repeat(33) }, ok: false },
    { id: "createOrUpdateCommand", part: "pathParams", value: {}, ok: false },
    { id: "listBots", part: "query", value: { self: true }, ok: true },
    { id: "listBots", part: "query", value: { self: "1", role: ["hidden"] }, ok: true },
    { id: "listBots", part: "query", value: { self: "perhaps" }, ok: false },
    { id: "listMessages", part: "query", value: { limit: 1001 }, ok: false },
    { id: "listMessages", part: "query", value: { id: [1, 2] }, ok: true },
    { id: "listMessages", part: "query", value: { colour: "red" }, ok: false },
    { id: "getFileUrl", part: "pathParams", value: { id: "not a uuid" }, ok: false },
  ] as const)("judges $part of $id: $value -> $ok", ({ id, part, value, ok }) => {
    const schema = OPERATIONS[id][part];
    expect(schema && check(schema)(value)).toBe(ok);
  });
});

describe("how an operation may be repeated", () => {
  it("is: not at all for sending a message and opening a dialog, freely for the rest", () => {
    expect(ids.filter((id) => callKind(id) === "once")).toEqual(["createDialog", "sendMessage"]);
    expect(ids.filter((id) => callKind(id) === "read").every((id) => OPERATIONS[id].method === "GET")).toBe(true);
    expect(["uploadFile", "assignDialogResponsible", "closeDialog"].map(callKind)).toEqual([
      "repeatable",
      "repeatable",
      "repeatable",
    ]);
  });

  it("is not known for an operation nobody knows, so it is not repeated", () => {
    expect(["sendMesage", "toString", "__proto__"].map(callKind)).toEqual(["once", "once", "once"]);
  });
});
