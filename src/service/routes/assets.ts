import type { FastifyInstance } from "fastify";
import type { Site } from "../pages/site.ts";

/** The stylesheet and the icon: their address changes with their content, so browsers keep them. */
export function addAssets(server: FastifyInstance, { assets }: Site): void {
  for (const [asset, type] of [
    [assets.style, "text/css; charset=utf-8"],
    [assets.icon, "image/svg+xml"],
  ] as const) {
    server.get(asset.path, async (_request, reply) =>
      reply.header("cache-control", "public, max-age=31536000, immutable").type(type).send(asset.text),
    );
  }
}
