import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { asked, connect, listens, pressConnect, read, submit } from "./owner.ts";
import { offerInOneStep, openTown, type Town } from "./town.ts";

let town: Town;
beforeAll(async () => {
  town = await openTown({ shops: 16 });
}, 90_000);
afterAll(() => town?.close());

const FULL = "canary-key-that-no-account-has-0001";

interface Bad {
  readonly name: string;
  /** What the owner types where it is not what the account is; what is wrong with the account otherwise. */
  readonly typed?: (shop: Sandbox) => { readonly address?: string; readonly apiKey?: string };
  readonly spoil?: (shop: Sandbox) => unknown;
  /** What the page then says in each language: what to do next. */
  readonly says: { readonly en: string; readonly es: string; readonly ru: string };
}

const BAD: readonly Bad[] = [
  {
    name: "a host that is no CRM's",
    typed: () => ({ address: "https://shop.retailcrm.ru.evil.example" }),
    says: {
      en: "No CRM accounts are known at this address. Copy it from the address bar",
      es: "No se conocen cuentas del CRM en esta dirección. Cópiela de la barra de direcciones",
      ru: "По этому адресу нет известных аккаунтов CRM. Скопируйте его из адресной строки",
    },
  },
  {
    name: "a wrong key",
    typed: () => ({ apiKey: FULL }),
    says: {
      en: "The CRM does not accept this API key. Copy the whole key again",
      es: "El CRM no acepta esta clave de API. Copie de nuevo la clave completa",
      ru: "CRM не принимает этот ключ API. Скопируйте его целиком ещё раз",
    },
  },
  {
    name: "a key without the rights",
    typed: (shop) => ({ apiKey: shop.newKey({ scopes: ["order_read", "integration_read"] }) }),
    says: {
      en: "The API key lacks these rights: integration_write. Add them to the key",
      es: "A la clave de API le faltan estos permisos: integration_write. Añádalos a la clave",
      ru: "У ключа API нет прав: integration_write. Добавьте их ключу",
    },
  },
  {
    name: "chats that are not enabled",
    spoil: (shop) => shop.setChats(false),
    says: {
      en: "Chats are not enabled in this CRM account. Enable them in the CRM, then connect again.",
      es: "Los chats no están activados en esta cuenta del CRM. Actívelos en el CRM y conecte de nuevo.",
      ru: "В этом аккаунте CRM не включены чаты. Включите их в CRM и подключите снова.",
    },
  },
  {
    name: "a CRM that is down",
    spoil: (shop) => shop.down("crm"),
    says: {
      en: "Your CRM account cannot be reached just now",
      es: "Ahora no se puede acceder a su cuenta del CRM",
      ru: "Ваш аккаунт CRM сейчас недоступен",
    },
  },
  {
    name: "an address of the chats that must not be called",
    spoil: (shop) => shop.moveGateway("http://169.254.169.254"),
    says: {
      en: "The CRM named an address of its chats that the bot must not call",
      es: "El CRM indicó una dirección de sus chats a la que el bot no debe llamar",
      ru: "CRM назвала адрес чатов, к которому боту нельзя обращаться",
    },
  },
];

const LOCALES = { en: "en-GB", es: "es-ES", ru: "ru-RU" } as const;

describe.concurrent("an account that cannot be connected", { timeout: 60_000 }, () => {
  it.each(BAD)(
    "because of $name: the form says in each language what to do next, and nothing half-made stays",
    async ({ typed, spoil, says }) => {
      const shop = town.shop();
      await spoil?.(shop);
      const { address = shop.crmUrl, apiKey = shop.apiKey } = typed?.(shop) ?? {};
      town.witness.hide(apiKey);
      for (const language of ["en", "es", "ru"] as const) {
        const page = await town.person({ locale: LOCALES[language] });
        await page.goto(`${town.url}/?account=${encodeURIComponent(address)}`);
        await submit(page, { apiKey });
        expect(await read(page)).toContain(says[language]);
        // The address is kept for another try, the key is not.
        expect([await page.inputValue("#address"), await page.inputValue("#apiKey")]).toEqual([address, ""]);
      }
      expect(await town.row(shop)).toBeUndefined();
      // Where the CRM took the module before it turned out that it cannot work, it is switched off there.
      expect([...shop.world.modules.values()].filter(({ active }) => active)).toEqual([]);
    },
  );

  it("is connected once what was wrong has been put right", async () => {
    const [shop, page] = [town.shop(), await town.person()];
    const gateway = shop.gatewayUrl;
    shop.moveGateway("http://169.254.169.254");
    await pressConnect(page, shop);
    await submit(page, { apiKey: shop.apiKey });
    expect(await read(page)).toContain("must not call");
    shop.moveGateway(gateway);
    await submit(page, { apiKey: shop.apiKey });
    await page.waitForURL(/news=connected/u);
    await listens(shop);
    expect(await asked(shop, "hello")).toBe("public: Shared.");
  });
});

describe.concurrent("a one-step connection that is not what it seems", { timeout: 60_000 }, () => {
  it.each([
    { forged: { token: "0".repeat(64) }, how: "a wrong signature", says: "does not come from the CRM's marketplace" },
    {
      forged: { systemUrl: "https://evil.example" },
      how: "another address under a true signature",
      says: "No CRM accounts are known at this address",
    },
    { forged: { apiKey: FULL }, how: "a key that the account does not know", says: "does not accept this API key" },
  ])("$how: refused with the reason, and nothing is kept", async ({ forged, says }) => {
    const shop = town.shop();
    offerInOneStep(shop, town.url);
    const outcome = await shop.connectInOneStep("rulebot", forged);
    town.witness.hide(outcome.sent?.apiKey ?? "");
    expect([outcome.accountUrl, outcome.errorMsg]).toEqual([null, expect.stringContaining(says)]);
    expect([await town.row(shop), shop.world.modules.size]).toEqual([undefined, 0]);
  });

  it("a true one, sent again with another account's address: neither account is re-pointed", async () => {
    const [mine, theirs] = [town.shop(), town.shop()];
    offerInOneStep(mine, town.url);
    await connect(town, theirs);
    const before = await town.row(theirs);
    const { sent } = await mine.connectInOneStep("rulebot");
    const replayed = { ...sent, systemUrl: theirs.crmUrl };
    const answer = await fetch(`${town.url}/simple/register`, {
      method: "POST",
      body: new URLSearchParams({ register: JSON.stringify(replayed) }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { success: false }]);
    expect(await town.row(theirs)).toEqual(before);
    expect((await town.row(mine))?.crmUrl).toBe(mine.crmUrl);
  });
});

describe.concurrent("a callback that is not true", { timeout: 60_000 }, () => {
  it.each([
    { lie: { activity: '{"active":false,"freeze":true}' }, how: "that it is switched off" },
    { lie: { systemUrl: "https://evil.simla.com" }, how: "that the account has moved to somebody's" },
    { lie: { systemUrl: "http://169.254.169.254" }, how: "that it has moved inside our network" },
  ])("$how: only makes the bot ask, however often it comes", async ({ lie }) => {
    const shop = town.shop();
    await connect(town, shop);
    const before = await town.row(shop);
    const looked = shop.waitFor((change) => change.kind === "answered" && change.request.method === "GET", 20_000);
    await Promise.all(Array.from({ length: 20 }, () => shop.sendActivity("rulebot", lie)));
    await looked;
    expect(await asked(shop, "hello")).toBe("public: Shared.");
    expect([shop.socketCount(), await town.row(shop)]).toEqual([1, before]);
    // Twenty hints at once are one or two questions.
    const reads = shop.requests.filter(
      ({ path, method }) => method === "GET" && path.endsWith("/integration-modules/rulebot"),
    );
    expect(reads.length).toBeLessThan(8);
  });

  it("of an id that nobody has, or of none, or no form at all is answered without a word about anybody", async () => {
    const post = async (body: string | URLSearchParams, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${town.url}/actions/activity`, { method: "POST", body, headers });
      return [answer.status, await answer.json()];
    };
    expect(await post(new URLSearchParams({ clientId: "f".repeat(64), activity: "{}" }))).toEqual([
      404,
      { success: false },
    ]);
    expect(await post(new URLSearchParams({ activity: "{}" }))).toEqual([400, { success: false }]);
    expect(await post('{"clientId":', { "content-type": "application/json" })).toEqual([400, { success: false }]);
  });
});

it("and nobody was shown a secret", async () => {
  expect(await town.witness.leaks()).toEqual([]);
});
