import { systemClock } from "../clock.ts";
import type { Change, RequestRecord } from "./changes.ts";
import { createCrm, crmNotFound, sayCrmError } from "./crm/routes.ts";
import { createHub, type Hub, type Mangle } from "./gateway/hub.ts";
import { createGateway, gatewayNotFound, sayGatewayError } from "./gateway/routes.ts";
import { type CustomerHands, createCustomerHands } from "./hands/customer.ts";
import { createShopHands, type ShopHands } from "./hands/shop.ts";
import { createStaffHands, type StaffHands } from "./hands/staff.ts";
import { addControl } from "./http/control.ts";
import { createFaults, type Faults } from "./http/faults.ts";
import { createRateLimit } from "./http/rates.ts";
import type { Server } from "./http/server.ts";
import type { SandboxOptions } from "./options.ts";
import { createStage, type Stage } from "./stage.ts";
import { createWorld } from "./world/create.ts";
import { shopSeed } from "./world/seed.ts";
import type { World, WorldView } from "./world/world.ts";

export type { Change, RequestRecord } from "./changes.ts";
export type { Mangle } from "./gateway/hub.ts";
export type { Fault } from "./http/faults.ts";
export type { Behaviour, SandboxOptions } from "./options.ts";
export { SandboxTimeout } from "./stage.ts";
export { type Seed, shopSeed } from "./world/seed.ts";
export type { WorldView } from "./world/world.ts";

/** A stand-in for one CRM account and its gateway, on real HTTP and websockets, with state. It keeps every promise of the
 *  services' descriptions and no other: where they are silent it is set to the harder reading (`Behaviour`). */
export interface Sandbox extends CustomerHands, StaffHands, ShopHands {
  /** Address of the account, as an owner would give it. */
  readonly crmUrl: string;
  /** The bare root that module registration answers as `endpointUrl`. */
  readonly gatewayUrl: string;
  readonly apiKey: string;
  /** The account, to be read. */
  readonly world: WorldView;
  /** Every request received, oldest first. */
  readonly requests: readonly RequestRecord[];
  readonly faults: Faults;
  /** How many event sockets are open. */
  socketCount(): number;
  /** Closes all event sockets, with a code or without a word. */
  disconnectSockets(how: { readonly code: number } | { readonly abrupt: true }): void;
  /** The open sockets stay open, but answer no ping and hear no event any more. */
  deafenSockets(): void;
  /** Writes any text to all sockets as one frame; bytes as a binary one. */
  sendFrame(frame: string | Uint8Array): void;
  /** What becomes of each frame on its way to the sockets: the texts written instead, in order. Null: nothing does. */
  mangleFrames(change: Mangle | null): void;
  /** From now on registration answers this root address of the gateway: a proxy before it, or where it has moved. */
  moveGateway(url: string): void;
  /** Tells of everything that happens from now on; the returned function ends that. */
  on(listener: (change: Change) => void): () => void;
  /** The next change that is `wanted`. Rejects with SandboxTimeout after `timeoutMs` (5000) of real time. */
  waitFor(wanted: (change: Change) => boolean, timeoutMs?: number): Promise<Change>;
  /** Resolves when the account is as `wanted`, now or later. Rejects like `waitFor`. */
  until(wanted: (world: WorldView) => boolean, timeoutMs?: number): Promise<void>;
  /** The server refuses connections until `up`; its address stays the same. */
  down(server: "crm" | "gateway"): Promise<void>;
  up(server: "crm" | "gateway"): Promise<void>;
  /** Cuts everything, hanging requests too. */
  stop(): Promise<void>;
}

/** One of the two servers, which can go and come back. */
interface Running {
  readonly url: string;
  down(): Promise<void>;
  up(): Promise<void>;
}

async function run(make: () => Server, { host, port }: { host: string; port: number }): Promise<Running> {
  let server: Server | null = make();
  await server.app.listen({ host, port });
  const address = server.app.server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return {
    url: `http://${shown.includes(":") ? `[${shown}]` : shown}:${address.port}`,
    async down() {
      const closing = server;
      server = null;
      await closing?.app.close();
    },
    async up() {
      if (server !== null) return;
      server = make();
      await server.app.listen({ host, port: address.port });
    },
  };
}

interface Core {
  readonly world: World;
  readonly stage: Stage;
  readonly faults: Faults;
  readonly hub: Hub;
  readonly hands: CustomerHands & StaffHands & ShopHands;
}

function createCore({ clock = systemClock, seed, behaviour }: SandboxOptions): Core {
  const whole = { seed: { ...shopSeed, ...seed }, now: clock.now() };
  const world = createWorld(behaviour === undefined ? whole : { ...whole, behaviour });
  const stage = createStage({ world, clock });
  const faults = createFaults();
  const hub = createHub(stage, faults);
  stage.onFrame((frame) => hub.send(frame));
  // A token that has become worthless closes its sockets, as the gateway is expected to.
  stage.on((change) => {
    if (change.kind === "module_changed") hub.checkTokens();
  });
  const hands = { ...createCustomerHands(stage), ...createStaffHands(stage), ...createShopHands(stage) };
  return { world, stage, faults, hub, hands };
}

/** Starts both servers and resolves when they listen. Rejects when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, gatewayPort = 0, host = "127.0.0.1", log = null } = options;
  const core = createCore(options);
  const { world, stage, faults, hub, hands } = core;
  const shared = { stage, faults, log };
  const crmRate = createRateLimit(world.behaviour.crmPerSecond);
  const gatewayRate = createRateLimit(world.behaviour.gatewayPerSecond);
  const makeGateway = () => {
    const server = createGateway(
      { ...shared, server: "gateway", sayError: sayGatewayError, notFound: gatewayNotFound },
      gatewayRate,
    );
    addControl(server.app, core);
    hub.attach(server.app.server);
    return server;
  };
  const makeCrm = () => {
    const server = createCrm({ ...shared, server: "crm", sayError: sayCrmError, notFound: crmNotFound }, crmRate);
    addControl(server.app, core);
    return server;
  };
  const gateway = await run(makeGateway, { host, port: gatewayPort });
  const crm = await run(makeCrm, { host, port }).catch(async (error: unknown) => {
    await gateway.down();
    throw error;
  });
  Object.assign(world.urls, { crm: crm.url, gateway: gateway.url });
  const servers = { crm, gateway };
  return {
    ...hands,
    crmUrl: crm.url,
    gatewayUrl: gateway.url,
    apiKey: world.apiKey,
    world,
    requests: stage.requests,
    faults,
    socketCount: () => hub.count(),
    disconnectSockets: (how) => hub.disconnect(how),
    deafenSockets: () => hub.deafen(),
    sendFrame: (frame) => hub.sendRaw(frame),
    mangleFrames: (change) => hub.mangle(change),
    moveGateway: (url) => void Object.assign(world.urls, { gateway: url }),
    on: stage.on,
    waitFor: stage.waitFor,
    until: stage.until,
    async down(which) {
      if (which === "gateway") hub.disconnect({ abrupt: true });
      await servers[which].down();
    },
    up: (which) => servers[which].up(),
    async stop() {
      stage.stop();
      hub.stop();
      await Promise.all([crm.down(), gateway.down()]);
    },
  };
}
