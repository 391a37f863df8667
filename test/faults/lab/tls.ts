import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import type { Lab } from "./scenario.ts";

/** A server with a certificate that nobody should trust. */
export interface UntrustedServer {
  /** `https://127.0.0.1:port`. */
  readonly url: string;
  /** How often somebody spoke to it in spite of its certificate. */
  trusted(): number;
  /** How often somebody tried to. */
  tried(): number;
}

/** Starts a server whose certificate it has signed itself, for a host of another name. Needs the program `openssl`. */
export async function startUntrusted(lab: Lab): Promise<UntrustedServer> {
  const { key, cert } = await selfSigned();
  let trusted = 0;
  let tried = 0;
  const server = createServer({ key, cert }, (socket) => {
    socket.on("error", () => {});
    socket.on("data", () => {
      trusted += 1;
    });
  });
  server.on("connection", () => {
    tried += 1;
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  lab.onTestFinished(async () => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `https://127.0.0.1:${port}`, trusted: () => trusted, tried: () => tried };
}

async function selfSigned(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), "rulebot-faults-tls-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=elsewhere.example"];
    await promisify(execFile)("openssl", [...request, "-keyout", key, "-out", cert]);
    return { key: await readFile(key), cert: await readFile(cert) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
