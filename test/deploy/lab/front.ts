import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cleaner } from "../../e2e/bot.ts";
import { deployed, freePort } from "./fleet.ts";
import { createVisitor } from "./visitor.ts";

/** A real reverse proxy with the configuration of `deploy/`, on free ports, with a certificate that nobody signed. */
export interface Front {
  readonly name: "nginx" | "caddy";
  /** `https://localhost:port`; known before it is started. */
  readonly url: string;
  /** Starts it in front of programs at these ports; resolves when it answers. */
  start(ports: readonly number[]): Promise<void>;
}

export async function openFront(cleaner: Cleaner, name: Front["name"]): Promise<Front> {
  const port = await freePort();
  const url = `https://localhost:${port}`;
  return {
    name,
    url,
    async start(ports) {
      const folder = await mkdtemp(join(tmpdir(), `rulebot-${name}-`));
      const command = await (name === "nginx" ? nginx : caddy)({ folder, url, port, ports });
      const child = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += part));
      const ended = new Promise<never>((_resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${said.slice(-2000)}`)));
      });
      ended.catch(() => {});
      cleaner.onTestFinished(async () => {
        child.kill("SIGTERM");
        await ended.catch(() => {});
        await rm(folder, { recursive: true, force: true });
      });
      await Promise.race([answers(url), ended]);
    },
  };
}

interface Place {
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly ports: readonly number[];
}

async function nginx({ folder, port, ports }: Place): Promise<readonly string[]> {
  const [one = 0, two = 0] = ports;
  const plain = await freePort();
  makeCertificate(folder);
  const site = (await deployed("nginx.conf"))
    .replace("127.0.0.1:8081", `127.0.0.1:${one}`)
    .replace("127.0.0.1:8082", `127.0.0.1:${two}`)
    .replace("listen 80;", `listen 127.0.0.1:${plain};`)
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
    .replaceAll("/etc/ssl/rulebot", folder)
    .replaceAll("bot.example", "localhost");
  await writeFile(join(folder, "rulebot.conf"), site);
  await mkdir(join(folder, "work"), { mode: 0o777 });
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const work = kinds.map((kind) => `${kind}_temp_path ${folder}/work/${kind};`).join(" ");
  const whole = `pid ${folder}/pid; error_log stderr warn; events {}\nhttp { access_log off; ${work} include ${folder}/rulebot.conf; }\n`;
  await writeFile(join(folder, "nginx.conf"), whole);
  return ["nginx", "-c", join(folder, "nginx.conf"), "-p", folder, "-g", "daemon off;"];
}

/** Caddy makes certificates for localhost by itself; it is kept from entering them into the system. */
async function caddy({ folder, url, ports }: Place): Promise<readonly string[]> {
  const [one, two] = ports;
  const plain = await freePort();
  const alone = `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${plain}\n\tstorage file_system ${folder}\n}\n`;
  const site = (await deployed("Caddyfile"))
    .replace("{$PUBLIC_URL}", url)
    .replace("rulebot-1:8080", `127.0.0.1:${one}`)
    .replace("rulebot-2:8080", `127.0.0.1:${two}`);
  await writeFile(join(folder, "Caddyfile"), `${alone}${site}`);
  return ["caddy", "run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")];
}

function makeCertificate(folder: string): void {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", join(folder, "privkey.pem"), "-out", join(folder, "fullchain.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files], {
    stdio: "pipe",
  });
}

const STARTS_WITHIN_MS = 20_000;

async function answers(url: string): Promise<void> {
  const visitor = createVisitor(url);
  const until = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await visitor.get("/healthz").catch(() => null);
    if (answer !== null) return;
    await sleep(200);
  }
  throw new Error(`${url} did not answer within ${STARTS_WITHIN_MS} ms`);
}
