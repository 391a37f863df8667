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

/** One address or all, as the caller wants it. */
const found = (address: string, options: unknown) => {
  const all = typeof options === "object" && options !== null && "all" in options && options.all === true;
  const one = { address, family: address.includes(":") ? 6 : 4 };
  return { one, whole: all ? [one] : one, all };
};
const knownAs = (host: string) => names[host.replace(/\.$/, "")];

if (Object.keys(names).length > 0) {
  const dns = await import("node:dns");
  const { syncBuiltinESMExports } = await import("node:module");
  const before = { lookup: dns.default.lookup, promised: dns.default.promises.lookup };
  const lookup = (host: string, options: unknown, done?: unknown) => {
    const address = knownAs(host);
    if (address === undefined) return Reflect.apply(before.lookup, dns.default, [host, options, done]);
    const call = (typeof options === "function" ? options : done) as (...answer: unknown[]) => void;
    const { one, whole, all } = found(address, options);
    return all ? call(null, whole) : call(null, one.address, one.family);
  };
  const promised = async (host: string, options: unknown) => {
    const address = knownAs(host);
    if (address === undefined) return Reflect.apply(before.promised, dns.default.promises, [host, options]);
    return found(address, options).whole;
  };
  Object.assign(dns.default, { lookup });
  Object.assign(dns.default.promises, { lookup: promised });
  syncBuiltinESMExports();
}
