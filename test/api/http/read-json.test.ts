import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonFault, readJson } from "../../../src/api/http/read-json.ts";

describe("reading JSON from outside", () => {
  it.each([
    { what: "an object", text: '{"id":7,"tags":["vip"]}', value: { id: 7, tags: ["vip"] } },
    { what: "a byte order mark", text: '\uFEFF{"id":7}', value: { id: 7 } },
    {
      what: "brackets inside a string",
      text: `{"text":"${"[".repeat(300)}\\""}`,
      value: { text: `${"[".repeat(300)}"` },
    },
    { what: "200 levels", text: `${"[".repeat(200)}1${"]".repeat(200)}`, value: nested(200) },
    { what: "the largest exact id", text: '{"id":9007199254740991}', value: { id: 9007199254740991 } },
    { what: "a large number that is no id", text: '{"ns":1782807310000000000}', value: { ns: 1782807310000000000 } },
    { what: "a fraction in an id's place", text: '{"id":0.5}', value: { id: 0.5 } },
  ])("takes $what", ({ text, value }) => {
    expect(readJson(text)).toEqual(value);
  });

  it.each([
    { what: "no JSON", text: "<html>Marta</html>", code: "not_json", message: "not JSON" },
    { what: "nothing", text: "", code: "not_json", message: "not JSON" },
    { what: "a cut text", text: '{"content":"Marta', code: "not_json", message: "not JSON" },
    {
      what: "an id above 2^53",
      text: '{"id":9007199254740993}',
      code: "unsafe_integer",
      message: '"id" holds a number above 2^53',
    },
    {
      what: "a negative one",
      text: '{"id":-9007199254740993}',
      code: "unsafe_integer",
      message: '"id" holds a number above 2^53',
    },
    {
      what: "2^53 itself",
      text: '{"chat_id":9007199254740992}',
      code: "unsafe_integer",
      message: '"chat_id" holds a number above 2^53',
    },
    {
      what: "one in a list of ids",
      text: '{"a":[{"chat_ids":[1,90071992547409930]}]}',
      code: "unsafe_integer",
      message: '"chat_ids" holds a number above 2^53',
    },
    {
      what: "one of the CRM",
      text: '{"mgUserId":90071992547409930}',
      code: "unsafe_integer",
      message: '"mgUserId" holds a number above 2^53',
    },
    {
      what: "201 levels",
      text: `${"[".repeat(201)}${"]".repeat(201)}`,
      code: "too_deep",
      message: "JSON is nested deeper than 200 levels",
    },
    {
      what: "100,000 levels",
      text: `{"a":${"[".repeat(100_000)}`,
      code: "too_deep",
      message: "JSON is nested deeper than 200 levels",
    },
  ])("refuses $what, without quoting it", ({ text, code, message }) => {
    const read = () => readJson(text);
    expect(read).toThrow(JsonFault);
    expect(read).toThrow(expect.objectContaining({ code, message }));
  });

  it.each([
    '{"__proto__":{"admin":true},"id":1}',
    '{"\\u005f_proto__":{"admin":true},"id":1}',
    '{"constructor":{"prototype":{"admin":true}},"id":1}',
  ])("drops the poisoned key of %s and keeps the rest", (text) => {
    const value = readJson(text) as { id: number; admin?: boolean };
    expect(Object.keys(value)).toEqual(["id"]);
    expect(value.admin).toBeUndefined();
  });

  it("gives back whatever JSON can say, except ids that lost their value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        expect(readJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("throws nothing but a JsonFault on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          readJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonFault);
        }
      }),
    );
  });
});

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);
}
