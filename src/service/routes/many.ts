import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { ManyAccounts, ServiceOptions } from "../options.ts";
import type { Site } from "../pages/site.ts";
import { useFormTokens } from "../security/forms.ts";
import type { Limits } from "../security/limits.ts";
import { ADMIN, useSessions } from "../security/session.ts";
import { addAdmin } from "./admin.ts";
import { addConnect } from "./connect.ts";
import { addOneStep } from "./one-step.ts";
import { addProbes } from "./probes.ts";
import { addSettings } from "./settings.ts";

interface Many {
  readonly many: ManyAccounts;
  readonly site: Site;
  readonly limits: Limits;
}

/** What a module for many accounts has more than a bot of one account: the pages of owners and of the operator. */
export async function addMany(
  server: FastifyInstance,
  options: ServiceOptions,
  { many, site, limits }: Many,
): Promise<void> {
  const adminMark = createHash("sha256").update(many.adminPassword).digest("hex");
  await useSessions(server, { vault: many.vault, clock: options.clock, isHttps: site.isHttps, adminMark });
  await useFormTokens(server);
  addProbes(server, { ...options, limits, isOperator: ({ session }) => session.admits(ADMIN) });
  const shared = { ...many, site, limits };
  addConnect(server, shared);
  addSettings(server, shared);
  if (many.isOneStep) addOneStep(server, shared);
  addAdmin(server, { ...shared, readiness: options.readiness });
}
