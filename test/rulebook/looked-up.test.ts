import { describe, expect, it } from "vitest";
import { compile, ruleWith } from "./source.ts";

const said = (actions: string, more = "") =>
  compile(`${ruleWith("{message: any}", actions)}${more}`).said.map((line) => line.replace("bot.config.yaml:", ""));
const codes = (actions: string, more = "") => said(actions, more).map((line) => line.replace(/ \d.*/u, ""));

describe("names that look_up fills", () => {
  it.each([
    { what: "a name that is always there, inside found", text: "{{ order.number }}", warns: [] },
    { what: "a name that the CRM may not know, inside found", text: "{{ order.status.name }}", warns: ["warning"] },
    { what: "the same with another word for it", text: "{{ order.status.name or 'new' }}", warns: [] },
    { what: "a list", text: "{{ order.items.size }}", warns: [] },
  ])("$what: $warns", ({ text, warns }) => {
    expect(codes(`[{look_up: order, found: [{reply: "${text}"}]}]`)).toEqual(warns);
  });

  it("may be empty after the look-up and in not_found", () => {
    expect(
      said('[{look_up: order, not_found: [{reply: "{{ order.number }}"}]}, {reply: "{{ order.number }}"}]'),
    ).toEqual([
      expect.stringContaining('"order.number" may be empty.'),
      expect.stringContaining('"order.number" may be empty.'),
    ]);
  });

  it("are offered by a flow that the rule runs, and inside flows of found", () => {
    const flows =
      'flows:\n  - {flow: Find, do: [{look_up: order}]}\n  - {flow: Tell, do: [{reply: "{{ order.number }}"}]}\n';
    expect(
      said('[{run: Find}, {reply: "{{ order.number or 0 }}"}, {look_up: order, found: [{run: Tell}]}]', flows),
    ).toEqual([]);
  });

  it.each([
    { text: "{{ product.name or 0 }}", says: '"product.name" is filled by look_up' },
    { text: "{{ order.numbr or 0 }}", says: 'can\'t read "order.numbr". | did you mean order.number?' },
    { text: "{{ customer.ordres_count or 0 }}", says: "customer.ordres_count" },
  ])("$text stays a fault", ({ text, says }) => {
    expect(said(`[{look_up: order}, {reply: "${text}"}]`)).toEqual([expect.stringContaining(says)]);
  });

  it("lay the CRM's customer over the messenger's", () => {
    expect(
      said('[{look_up: customer}, {reply: "{{ customer.orders_count or 0 }} {{ customer.username or 0 }}"}]'),
    ).toEqual([]);
    expect(codes('[{reply: "{{ customer.orders_count or 0 }}"}]')).toEqual(["fault"]);
  });

  it("are not looked for where there is no chat to answer in", () => {
    expect(
      compile(ruleWith("{manager: online}", "[{look_up: order_statuses}, {http: {url: https://shop.example}}]")).said,
    ).toEqual([]);
  });
});

describe("names that http saves", () => {
  it("may hold anything, and only under that name", () => {
    const http = "{http: {url: https://shop.example/stock, save: stock}}";
    expect(said(`[${http}, {reply: "{{ stock.a.b or 0 }}"}]`)).toEqual([]);
    expect(codes(`[${http}, {reply: "{{ shop.a or 0 }}"}]`)).toEqual(["fault"]);
  });

  it.each(["order", "customer", "answer", "args", "hours", "now"])("can't be called %s", (name) => {
    expect(said(`[{http: {url: https://shop.example, save: ${name}}}]`)).toEqual([
      expect.stringContaining(`"${name}" already means something else here.`),
    ]);
  });

  it.each([
    { url: "https://shop.example/{{ message.text }}", isClear: true },
    { url: "http://10.0.0.5:8081?a={{ message.text }}", isClear: true },
    { url: "{{ message.text }}", isClear: false },
    { url: "https://shop.{{ message.text }}/", isClear: false },
    { url: "https://shop.example@{{ message.text }}/", isClear: false },
    { url: "ftp://shop.example/", isClear: false },
    { url: "shop.example", isClear: false },
  ])("are asked of a service that is written out: $url", ({ url, isClear }) => {
    expect(codes(`[{http: {url: "${url}"}}]`)).toEqual(isClear ? [] : ["fault"]);
  });
});
