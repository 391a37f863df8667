import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createNetwork } from "../../src/api/network.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const hostOf = (url: string) => new URL(url).host;
const requests = () => account.sandbox.requests.length;

describe("a connection of an account that came through the form", () => {
  it("works with hosts that the operator allows", async () => {
    account = await openAccount();
    const { crmUrl, gatewayUrl } = account.sandbox;
    const network = createNetwork({ allowedHosts: [hostOf(crmUrl), hostOf(gatewayUrl)] });
    const connection = await account.connect({ network });
    await connection.listening;
    account.sandbox.customerSays("delivery?");
    await account.sandbox.until(() => botTexts(account.sandbox).length > 0);
    expect(botTexts(account.sandbox)).toEqual(["We deliver in 1-3 days."]);
  });

  it("asks no CRM inside the network that nobody allows, and its key stays here", async () => {
    account = await openAccount();
    await account.connect({ network: createNetwork({ allowedHosts: [] }) });
    await account.registered("unreachable");
    expect(requests()).toBe(0);
  });

  it("sends its token to no gateway inside that nobody allows, also to one it was given before", async () => {
    account = await openAccount();
    const first = await account.connect();
    await first.listening;
    await first.drain();
    const { crmUrl } = account.sandbox;
    const before = account.sandbox.requests.filter(({ path }) => path.startsWith("/api/bot/")).length;
    const opened: unknown[] = [];
    account.sandbox.on((change) => change.kind === "socket_opened" && opened.push(change));
    await account.connect({ network: createNetwork({ allowedHosts: [hostOf(crmUrl)] }) });
    await account.registered("bad_address");
    expect(account.sandbox.requests.filter(({ path }) => path.startsWith("/api/bot/"))).toHaveLength(before);
    expect(opened).toEqual([]);
  });

  it("sends nothing to a gateway whose name was public when it was judged and leads inside when it is dialled", async () => {
    account = await openAccount();
    const { sandbox } = account;
    const inner = createServer();
    let connections = 0;
    inner.on("connection", (socket) => {
      connections += 1;
      socket.on("error", () => {}).destroy();
    });
    await new Promise<void>((resolve) => inner.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void inner.close());
    sandbox.moveGateway(`https://mg.example:${(inner.address() as AddressInfo).port}`);
    const again = Promise.withResolvers<void>();
    let dialled = 0;
    const network = createNetwork({
      allowedHosts: [hostOf(sandbox.crmUrl)],
      lookup(host, options, done) {
        if (host === "mg.example") dialled += 1;
        // The first one has failed, and said so, when the second begins.
        if (dialled === 2) again.resolve();
        const found = { address: "127.0.0.1", family: 4 };
        if (options.all === true) done(null, [found]);
        else done(null, found.address, found.family);
      },
    });
    const connection = await account.connect({ network, lookup: async () => ["93.184.216.34"] });
    await account.registered("registered");
    await again.promise;
    await connection.drain();
    expect(account.log.text()).toContain("this address may not be called (ERR_IP_BLOCKED)");
    expect(connections).toBe(0);
  });
});
