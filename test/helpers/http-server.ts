import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as a test's server saw it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers one request; `nth` counts from 1. */
export type Responder = (response: ServerResponse, received: Received, nth: number) => void;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly requests: readonly Received[];
  stop(): Promise<void>;
}

/** A real HTTP server on a free port of this machine. */
export async function startHttpServer(respond: Responder): Promise<TestServer> {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://test");
    const { method = "", headers } = request;
    const received = { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks) };
    requests.push(received);
    respond(response, received, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    requests,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers with JSON. */
export function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  const { port, stop } = await startHttpServer((response) => response.end());
  await stop();
  return port;
}
