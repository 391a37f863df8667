import { describe, expect, it } from "vitest";
import { type DomainLists, readAddress, readDomain } from "../../../src/accounts/connecting/address.ts";
import { isAllowedHost } from "../../../src/api/inside.ts";
import { hostileAddresses } from "../../helpers/hostile-addresses.ts";

const LISTS: DomainLists = {
  cloud: ["retailcrm.ru", "simla.com"],
  own: ["crm.big-shop.example", "xn--e1afmkfd.example"],
};

const read = (typed: string, allowed: readonly string[] = []) =>
  readAddress(typed, { lists: LISTS, isAllowed: (url) => isAllowedHost(url, allowed) });

describe("the address of a CRM account", () => {
  it.each([
    { typed: "https://shop.retailcrm.ru", url: "https://shop.retailcrm.ru" },
    { typed: "https://shop.retailcrm.ru/", url: "https://shop.retailcrm.ru" },
    { typed: "shop.retailcrm.ru", url: "https://shop.retailcrm.ru" },
    { typed: "shop.retailcrm.ru/", url: "https://shop.retailcrm.ru" },
    { typed: "//shop.retailcrm.ru", url: "https://shop.retailcrm.ru" },
    { typed: "https:/shop.retailcrm.ru", url: "https://shop.retailcrm.ru" },
    { typed: "  HTTPS://Shop.RetailCRM.ru \n", url: "https://shop.retailcrm.ru" },
    { typed: "\u200bshop.simla.com\ufeff", url: "https://shop.simla.com" },
    { typed: "\u00a0shop.simla.com", url: "https://shop.simla.com" },
    { typed: "shop.retailcrm.ru.", url: "https://shop.retailcrm.ru" },
    { typed: "https://shop.retailcrm.ru:443", url: "https://shop.retailcrm.ru" },
    { typed: "https://shop.retailcrm.ru/admin/settings", url: "https://shop.retailcrm.ru" },
    { typed: "shop.retailcrm.ru/admin/orders?filter=1#order-5", url: "https://shop.retailcrm.ru" },
    { typed: "https://shop.retailcrm.ru?x=https://evil.example", url: "https://shop.retailcrm.ru" },
    { typed: "https://shop.retailcrm.ru#@evil.example", url: "https://shop.retailcrm.ru" },
    { typed: "https://shop.retailcrm.ru/@evil.example", url: "https://shop.retailcrm.ru" },
    { typed: "ｓhop.retailcrm.ru", url: "https://shop.retailcrm.ru" },
    { typed: "my-shop-24.simla.com", url: "https://my-shop-24.simla.com" },
    { typed: "https://crm.big-shop.example", url: "https://crm.big-shop.example" },
    { typed: "CRM.Big-Shop.example", url: "https://crm.big-shop.example" },
    { typed: "https://пример.example", url: "https://xn--e1afmkfd.example" },
  ])("in its many spellings (row %#) is $url", ({ typed, url }) => {
    expect(read(typed)).toEqual({ ok: true, url });
  });

  it.each([
    { typed: "", fault: "empty" },
    { typed: " \t\u200b ", fault: "empty" },
    { typed: "my shop", fault: "not_an_address" },
    { typed: "https://shop.retail\ncrm.ru", fault: "not_an_address" },
    { typed: "https://shop.retailcrm.ru\\@evil.example", fault: "not_an_address" },
    { typed: "https://shop.ret\u00adailcrm.ru", fault: "not_an_address" },
    { typed: "https://shop.retailcrm.ru\u0000.evil.example", fault: "not_an_address" },
    { typed: "https://", fault: "not_an_address" },
    { typed: "https://[::1", fault: "not_an_address" },
    { typed: "javascript:alert(1)", fault: "not_an_address" },
    { typed: `https://${"a".repeat(3_000)}.retailcrm.ru`, fault: "not_an_address" },
    { typed: "http://shop.retailcrm.ru", fault: "not_https" },
    { typed: "HTTP:shop.retailcrm.ru", fault: "not_https" },
    { typed: "ftp://shop.retailcrm.ru", fault: "not_https" },
    { typed: "wss://shop.retailcrm.ru", fault: "not_https" },
    { typed: "file:///etc/passwd", fault: "not_https" },
    { typed: "https://shop.retailcrm.ru:8443", fault: "port" },
    { typed: "shop.retailcrm.ru:80", fault: "port" },
    { typed: "https://x.retailcrm.ru@evil", fault: "user_info" },
    { typed: "owner@shop.retailcrm.ru", fault: "user_info" },
    { typed: "https://@shop.retailcrm.ru", fault: "user_info" },
    { typed: "https://owner:secret@shop.retailcrm.ru", fault: "user_info" },
    { typed: "https://shop.rеtailcrm.ru", fault: "foreign_letters" },
    { typed: "https://shор.retailcrm.ru", fault: "foreign_letters" },
    { typed: "https://xn--shp-kqd.retailcrm.ru", fault: "foreign_letters" },
    { typed: "retailcrm.ru", fault: "no_account_name" },
    { typed: "https://www.simla.com/es", fault: "no_account_name" },
    { typed: "shop", fault: "not_a_crm_host" },
    { typed: "https://retailcrm.ru.evil.com", fault: "not_a_crm_host" },
    { typed: "https://evil-retailcrm.ru", fault: "not_a_crm_host" },
    { typed: "https://a.shop.retailcrm.ru", fault: "not_a_crm_host" },
    { typed: "https://.retailcrm.ru", fault: "not_a_crm_host" },
    { typed: "https://a..retailcrm.ru", fault: "not_a_crm_host" },
    { typed: "https://shop.retailcrm.ru..", fault: "not_a_crm_host" },
    { typed: "https://sub.crm.big-shop.example", fault: "not_a_crm_host" },
    { typed: "https://big-shop.example", fault: "not_a_crm_host" },
    { typed: "https://169.254.169.254", fault: "not_a_crm_host" },
    { typed: "http://169.254.169.254", fault: "not_https" },
    { typed: "https://2130706433", fault: "not_a_crm_host" },
    { typed: "https://[::1]/", fault: "not_a_crm_host" },
    { typed: "https://localhost", fault: "not_a_crm_host" },
  ])("is not something else (row %#): $fault", ({ typed, fault }) => {
    expect(read(typed)).toEqual({ ok: false, fault });
  });

  it("is none of the addresses that lead inside, and none of those is asked", () => {
    for (const address of hostileAddresses(8080)) expect(read(address)).toMatchObject({ ok: false });
    for (const address of hostileAddresses(443)) {
      const found = read(address);
      // Only a host that is on the lists may pass, however it was dressed up.
      if (found.ok) expect(found.url).toBe("https://shop.retailcrm.ru");
    }
  });

  it.each([
    { typed: "http://crm.lan", allowed: ["crm.lan"], gives: { ok: true, url: "http://crm.lan" } },
    { typed: "crm.lan", allowed: ["crm.lan"], gives: { ok: true, url: "https://crm.lan" } },
    {
      typed: "http://127.0.0.1:9000/page",
      allowed: ["127.0.0.1:9000"],
      gives: { ok: true, url: "http://127.0.0.1:9000" },
    },
    { typed: "http://127.0.0.1:9001", allowed: ["127.0.0.1:9000"], gives: { ok: false, fault: "not_https" } },
    { typed: "https://127.0.0.1:9001", allowed: ["127.0.0.1:9000"], gives: { ok: false, fault: "port" } },
    { typed: "http://me@127.0.0.1:9000", allowed: ["127.0.0.1:9000"], gives: { ok: false, fault: "user_info" } },
    { typed: "ftp://crm.lan", allowed: ["crm.lan", "crm.lan:21"], gives: { ok: false, fault: "not_https" } },
  ])("that the operator allows ($allowed): $typed", ({ typed, allowed, gives }) => {
    expect(read(typed, allowed)).toEqual(gives);
  });
});

describe("a name on the vendor's lists", () => {
  it.each([
    { name: "RetailCRM.ru", is: "retailcrm.ru" },
    { name: " simla.com. ", is: "simla.com" },
    { name: "пример.example", is: "xn--e1afmkfd.example" },
    { name: "com", is: null },
    { name: "", is: null },
    { name: ".ru", is: null },
    { name: "*.retailcrm.ru", is: null },
    { name: "https://retailcrm.ru", is: null },
    { name: "127.0.0.1", is: null },
    { name: "retailcrm.ru/x", is: null },
  ])("$name counts as $is", ({ name, is }) => {
    expect(readDomain(name)).toBe(is);
  });
});
