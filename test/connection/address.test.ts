import { describe, expect, it } from "vitest";
import { createNetwork } from "../../src/api/network.ts";
import { gatewayAddressFault } from "../../src/connection/registering/address.ts";

const PUBLIC = "93.184.216.34";

describe("the gateway address that the CRM returns", () => {
  it.each([
    { gatewayUrl: "https://mg.example.com", fault: null },
    { gatewayUrl: "https://mg.example.com:8443/api/bot/v1", fault: null },
    { gatewayUrl: "http://mg.example.com", fault: "not_https" },
    { gatewayUrl: "https://localhost", fault: "private" },
    { gatewayUrl: "https://bot.localhost", fault: "private" },
    { gatewayUrl: "https://127.0.0.1", fault: "private" },
    { gatewayUrl: "https://2130706433", fault: "private" },
    { gatewayUrl: "https://0x7f.1", fault: "private" },
    { gatewayUrl: "https://10.1.2.3", fault: "private" },
    { gatewayUrl: "https://172.31.255.255", fault: "private" },
    { gatewayUrl: "https://172.32.0.1", fault: null },
    { gatewayUrl: "https://192.168.0.10", fault: "private" },
    { gatewayUrl: "https://169.254.169.254", fault: "private" },
    { gatewayUrl: "https://[::1]", fault: "private" },
    { gatewayUrl: "https://[::ffff:10.0.0.1]", fault: "private" },
    { gatewayUrl: "https://[fd00::1]", fault: "private" },
    { gatewayUrl: "https://[2606:2800:220:1::1]", fault: null },
    { gatewayUrl: "https://user:pass@mg.example.com", fault: "not_a_url" },
    { gatewayUrl: "ftp://mg.example.com", fault: "not_a_url" },
    { gatewayUrl: "mg.example.com", fault: "not_a_url" },
  ])("$gatewayUrl of a public CRM: $fault", async ({ gatewayUrl, fault }) => {
    const crmUrl = "https://shop.example.com";
    expect(await gatewayAddressFault({ gatewayUrl, crmUrl }, async () => [PUBLIC])).toBe(fault);
  });

  it("may not be a public name that leads inside", async () => {
    const inside = async (host: string) => (host === "mg.example.com" ? ["192.168.1.5"] : [PUBLIC]);
    const addresses = { gatewayUrl: "https://mg.example.com", crmUrl: "https://shop.example.com" };
    expect(await gatewayAddressFault(addresses, inside)).toBe("private");
  });

  it.each([
    { crmUrl: "http://127.0.0.1:9000", gatewayUrl: "http://127.0.0.1:9001" },
    { crmUrl: "http://crm.lan", gatewayUrl: "http://10.0.0.2" },
    { crmUrl: "https://192.168.0.2", gatewayUrl: "https://192.168.0.3" },
  ])("may be like the operator's own: $crmUrl, $gatewayUrl", async (addresses) => {
    expect(await gatewayAddressFault(addresses, async () => ["10.0.0.9"])).toBe(null);
  });

  describe("of an account that came through the form", () => {
    const network = createNetwork({ allowedHosts: ["127.0.0.1:9001", "mg.lan"] });

    it.each([
      { gatewayUrl: "https://mg.example.com", fault: null },
      { gatewayUrl: "http://127.0.0.1:9001", fault: null },
      { gatewayUrl: "http://127.0.0.1:9002", fault: "not_https" },
      { gatewayUrl: "https://127.0.0.1:9002", fault: "private" },
      { gatewayUrl: "http://mg.lan", fault: null },
      { gatewayUrl: "https://mg.lan:8443", fault: "private" },
      { gatewayUrl: "http://user@mg.lan", fault: "not_a_url" },
    ])("may be $gatewayUrl only if the operator allows that very host: $fault", async ({ gatewayUrl, fault }) => {
      const inside = async (host: string) => [host === "mg.lan" ? "10.0.0.9" : PUBLIC];
      // The account's own address being allowed says nothing about what its CRM answers.
      const crmUrl = "http://127.0.0.1:9001";
      expect(await gatewayAddressFault({ gatewayUrl, crmUrl, network }, inside)).toBe(fault);
    });
  });

  it("may be a name that nobody knows: it is simply not reached", async () => {
    const nobody = () => Promise.reject(new Error("ENOTFOUND"));
    const addresses = { gatewayUrl: "https://mg.example.com", crmUrl: "https://shop.example.com" };
    expect(await gatewayAddressFault(addresses, nobody)).toBe(null);
  });
});
