import { createCore } from "./core.ts";
import { type Door, openDoor } from "./http/doors.ts";
import type { SandboxOptions } from "./options.ts";
import { type Sandbox, sandboxOf } from "./sandbox.ts";
import { createServers } from "./servers.ts";

export type { Change, RequestRecord } from "./changes.ts";
export type { Mangle } from "./gateway/hub.ts";
export type { Fault } from "./http/faults.ts";
export type { Behaviour, SandboxOptions } from "./options.ts";
export type { Sandbox } from "./sandbox.ts";
export { type Sandboxes, type SandboxesOptions, startSandboxes } from "./sandboxes.ts";
export { SandboxTimeout } from "./stage.ts";
export { type Seed, shopSeed } from "./world/seed.ts";
export type { WorldView } from "./world/world.ts";

const closeAll = async (doors: readonly Door[]): Promise<void> =>
  void (await Promise.all(doors.map((door) => door.close())));

/** Starts both servers and resolves when they listen. Rejects when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, gatewayPort = 0, host = "127.0.0.1", log = null } = options;
  const doors: Door[] = [];
  const open = async (server: "crm" | "gateway", address: { host: string; port: number }): Promise<Door> => {
    const door = await openDoor(servers[server], address);
    doors.push(door);
    return door;
  };
  const core = createCore(options, async (name) => (await open("crm", { host: name, port: crm.port })).url);
  const servers = await createServers({ crm: () => core, gateway: () => core }, log);
  const gateway = await open("gateway", { host, port: gatewayPort });
  const crm = await open("crm", { host, port }).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  return sandboxOf(core, { crm, gateway }, async () => {
    await closeAll(doors);
    await servers.close();
  });
}
