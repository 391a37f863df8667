import type { Server, ServerParts } from "../http/server.ts";
import { asRecord, checkKey } from "./key.ts";
import { SHOP_READS } from "./shop-answers.ts";

/** What a bot reads to answer customers, over HTTP. */
export function addShopMethods({ app }: Server, { stage: { world } }: ServerParts): void {
  for (const { path, scope, answer } of SHOP_READS) {
    app.get(path, async (request) => {
      checkKey(world, request, scope);
      return answer(world, asRecord(request.query));
    });
  }
}
