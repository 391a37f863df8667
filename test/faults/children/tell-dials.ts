import { appendFileSync } from "node:fs";
import { Socket } from "node:net";

/** Loaded into the real program before it starts (`--import`): writes down every address that is really dialled, with its moment, to
 *  the file `FAULTS_DIALS`. Below every library, so that nothing dials past it. `FAULTS_NAMES` (JSON) says where names lead. */
const file = process.env.FAULTS_DIALS ?? "";
const names: Readonly<Record<string, string>> = JSON.parse(process.env.FAULTS_NAMES ?? "{}");

type Connect = Socket["connect"];
const usual: Connect = Socket.prototype.connect;

/** Is it one of the gateway's sockets? Libraries hand the options of the whole request down. */
function isUpgrade(given: unknown): boolean {
  const [first] = Array.isArray(given) ? given : [given];
  const headers = typeof first === "object" && first !== null && "headers" in first ? first.headers : null;
  return typeof headers === "object" && headers !== null && "Upgrade" in headers;
}

function connect(this: Socket, ...given: Parameters<Connect>): Socket {
  const what = isUpgrade(given[0]) ? "socket" : "request";
  this.on("connectionAttempt", (ip: string, port: number) => {
    appendFileSync(file, `${Date.now()} ${what} ${ip} ${port}\n`);
  });
  return Reflect.apply(usual, this, given) as Socket;
}

if (file !== "") Object.assign(Socket.prototype, { connect });

if (Object.keys(names).length > 0) {
  const dns = await import("node:dns");
  const { syncBuiltinESMExports } = await import("node:module");
  const before = dns.default.lookup;
  const lookup = (host: string, options: unknown, done?: unknown) => {
    const address = names[host.replace(/\.$/, "")];
    const call = (typeof options === "function" ? options : done) as (...answer: unknown[]) => void;
    if (address === undefined) return Reflect.apply(before, dns.default, [host, options, done]);
    const family = address.includes(":") ? 6 : 4;
    const all = typeof options === "object" && options !== null && "all" in options && options.all === true;
    if (all) call(null, [{ address, family }]);
    else call(null, address, family);
  };
  Object.assign(dns.default, { lookup });
  syncBuiltinESMExports();
}
