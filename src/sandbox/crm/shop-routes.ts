import type { FastifyRequest } from "fastify";
import type { Server } from "../http/server.ts";
import type { Stage } from "../stage.ts";
import { asRecord, checkKey } from "./key.ts";
import { SHOP_READS } from "./shop-answers.ts";

/** What a bot reads to answer customers, over HTTP. */
export function addShopMethods({ app }: Server, stageOf: (request: FastifyRequest) => Stage): void {
  for (const { path, scope, answer } of SHOP_READS) {
    app.get(path, async (request) => {
      const { world } = stageOf(request);
      checkKey(world, request, scope);
      return answer(world, asRecord(request.query));
    });
  }
}
