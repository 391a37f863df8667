import type { Change, RequestRecord } from "./changes.ts";
import type { Core } from "./core.ts";
import type { Mangle } from "./gateway/hub.ts";
import type { Hands } from "./hands/index.ts";
import type { Door } from "./http/doors.ts";
import type { Faults } from "./http/faults.ts";
import type { WorldView } from "./world/world.ts";

/** A stand-in for one CRM account and its gateway, on real HTTP and websockets, with state. It keeps every promise of the
 *  services' descriptions and no other: where they are silent it is set to the harder reading (`Behaviour`). */
export interface Sandbox extends Hands {
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

/** The doors of an account; the gateway's may be shared with others. */
export interface Doors {
  readonly crm: Door;
  readonly gateway: Door;
}

function disturbing({ world, hub }: Core) {
  return {
    socketCount: () => hub.count(),
    disconnectSockets: (how) => hub.disconnect(how),
    deafenSockets: () => hub.deafen(),
    sendFrame: (frame) => hub.sendRaw(frame),
    mangleFrames: (change) => hub.mangle(change),
    moveGateway: (url) => void Object.assign(world.urls, { gateway: url }),
  } satisfies Partial<Sandbox>;
}

/** The account behind its doors, as tests and the terminal have it in hand. */
export function sandboxOf(core: Core, doors: Doors, stop: () => Promise<void>): Sandbox {
  const { world, stage, faults, hub, hands } = core;
  Object.assign(world.urls, { crm: doors.crm.url, technical: doors.crm.url, gateway: doors.gateway.url });
  return {
    ...hands,
    ...disturbing(core),
    crmUrl: doors.crm.url,
    gatewayUrl: doors.gateway.url,
    apiKey: world.apiKey,
    world,
    requests: stage.requests,
    faults,
    on: stage.on,
    waitFor: stage.waitFor,
    until: stage.until,
    async down(which) {
      if (which === "gateway") hub.disconnect({ abrupt: true });
      await doors[which].close();
    },
    up: (which) => doors[which].open(),
    async stop() {
      stage.stop();
      hub.stop();
      await stop();
    },
  };
}
