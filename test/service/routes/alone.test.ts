import { describe, expect, it } from "vitest";
import { openHouse, textOf } from "../visitor.ts";

describe("a bot with the file's own account only", () => {
  it.each([
    { lang: "en", says: "The bot is running" },
    { lang: "es", says: "El bot está en marcha" },
    { lang: "ru", says: "Бот работает" },
  ])("says at / in $lang that it runs and where it is set up", async ({ lang, says }) => {
    const page = await (await openHouse({ many: null })).visitor().get("/", { "accept-language": lang });
    expect(textOf(page.body)).toContain(says);
    expect(textOf(page.body)).toContain("bot.config.yaml");
  });

  it("says the same wherever the CRM opens its settings, whatever the id", async () => {
    const { server, visitor } = await openHouse({ many: null });
    const page = await visitor().get("/settings/anything");
    expect(textOf(page.body)).toContain("bot.config.yaml");
    const posted = await server.inject({
      method: "POST",
      url: "/settings/another",
      payload: "a=b",
      headers: { "content-type": "text/plain" },
    });
    expect(posted.body).toBe((await server.inject({ url: "/settings/anything" })).body);
  });

  it.each(["/admin", "/admin/login", "/connect", "/simple/config"])("has no %s", async (path) => {
    expect((await (await openHouse({ many: null })).visitor().get(path)).statusCode).toBe(404);
  });
});
