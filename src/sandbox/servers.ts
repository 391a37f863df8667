import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Log } from "../log.ts";
import type { Core } from "./core.ts";
import { createCrm } from "./crm/routes.ts";
import { createGateway } from "./gateway/routes.ts";
import { addControl } from "./http/control.ts";
import { addPages } from "./web/routes.ts";

/** Whose request it is: everything an account answers follows from this. */
export interface Who {
  readonly crm: (request: IncomingMessage) => Core;
  readonly gateway: (request: IncomingMessage) => Core;
}

/** The CRM's and the gateway's server, for any number of accounts. They do not listen: doors lead to them. */
export interface Servers {
  readonly crm: HttpServer;
  readonly gateway: HttpServer;
  close(): Promise<void>;
}

const tenantOf = (server: "crm" | "gateway", who: Who) => (request: IncomingMessage) => {
  const { stage, faults, rates } = who[server](request);
  return { stage, faults, rate: rates[server] };
};

/** Makes both servers. */
export async function createServers(who: Who, log: Log | null): Promise<Servers> {
  const crm = createCrm({ tenantOf: tenantOf("crm", who), log }).app;
  const gateway = createGateway({ tenantOf: tenantOf("gateway", who), log }).app;
  addPages(crm, who.crm);
  addControl(crm, who.crm);
  addControl(gateway, who.gateway);
  gateway.server.on("upgrade", (request, socket, head) => who.gateway(request).hub.upgrade(request, socket, head));
  await Promise.all([crm.ready(), gateway.ready()]);
  return {
    crm: crm.server,
    gateway: gateway.server,
    close: async () => void (await Promise.all([crm.close(), gateway.close()])),
  };
}
