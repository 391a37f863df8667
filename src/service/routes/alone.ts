import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Site } from "../pages/site.ts";

/** The bot serves the file's own account only: its pages say that there is nothing to set up, whoever asks for whatever. */
export function addAlone(server: FastifyInstance, site: Site): void {
  const about = (request: FastifyRequest, reply: FastifyReply) => {
    const { alone } = site.words(request);
    const data = { title: alone.title, lines: [alone.lead, alone.settings], link: null };
    return site.show(request, reply, { page: "message", here: "/", data });
  };
  server.get("/", async (request, reply) => about(request, reply));
  // The CRM opens a module's settings either way (crm-api.md 4c).
  server.route({ method: ["GET", "POST"], url: "/settings", handler: async (request, reply) => about(request, reply) });
  server.route({
    method: ["GET", "POST"],
    url: "/settings/:clientId",
    handler: async (request, reply) => about(request, reply),
  });
}
