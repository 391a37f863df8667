import { parentPort } from "node:worker_threads";
import { loadConfig } from "./load.ts";
import { parseFile } from "./parse.ts";
import { createParseCache } from "./parse-cache.ts";
import type { Environment } from "./read/environment.ts";

/** The thread that reads the files: what hangs or eats memory here can be ended without harm. Asked and answered by
 *  `load-in-worker.ts`. */
export interface LoadRequest {
  readonly file: string;
  readonly env: Environment;
}

const port = parentPort;
if (port !== null) {
  const cache = createParseCache(parseFile);
  port.on("message", async ({ file, env }: LoadRequest) => {
    const loaded = await loadConfig({ file, env, parse: cache.parse });
    cache.forgetUnused();
    port.postMessage(loaded);
  });
  port.postMessage("ready");
}
