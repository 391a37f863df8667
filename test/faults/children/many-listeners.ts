import { writeSync } from "node:fs";
import { systemClock } from "../../../src/clock.ts";
import { createConnectGate } from "../../../src/gateway/connect-gate.ts";
import { listen } from "../../../src/gateway/listen.ts";
import { createLog, createSecretKeeper } from "../../../src/log.ts";

/** As many listeners as connections of one program, all through its one gate: argv is endpoint, token, count. Says `open N` whenever
 *  the number of open sockets changes. Never ends by itself. */
const [endpointUrl = "", token = "", count = "0"] = process.argv.slice(2);
const gate = createConnectGate(systemClock);
const secrets = createSecretKeeper();
const log = createLog({ level: "silent", format: "json", destination: process.stderr, secrets });
const open = new Set<number>();
for (let at = 0; at < Number(count); at++) {
  listen({
    target: { endpointUrl, token, events: ["message_new"] },
    gate,
    clock: systemClock,
    random: Math.random,
    log,
    onFrame() {},
    onState({ name }) {
      if (name === "open") open.add(at);
      else if (!open.delete(at)) return;
      writeSync(1, `open ${open.size}\n`);
    },
  });
}
