import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Operation } from "../../accounts/operation.ts";
import { formOf } from "../security/forms.ts";
import { askForToken, isBearer } from "./probes.ts";

export interface OperationOptions {
  readonly operation: Operation;
  /** What the program's own commands send with each request (bearer). */
  readonly statusToken: string;
}

/** Where the commands of the program reach the running one: it has the store for itself. A form goes in, JSON comes out. */
export function addOperation(server: FastifyInstance, { operation, statusToken }: OperationOptions): void {
  const on = (path: string, work: (fields: URLSearchParams, reply: FastifyReply) => Promise<unknown>) =>
    server.post(path, async (request: FastifyRequest, reply) =>
      isBearer(request, statusToken) ? work(formOf(request.body), reply) : askForToken(reply),
    );
  on("/operation/pause", (fields) => operation.pause({ connection: fields.get("connection"), paused: true }));
  on("/operation/resume", (fields) => operation.pause({ connection: fields.get("connection"), paused: false }));
  on("/operation/forget", async (fields, reply) => {
    const customerId = Number(fields.get("customer") ?? "");
    if (!Number.isSafeInteger(customerId) || customerId < 1)
      return reply.code(400).send({ error: "customer is the number of a customer." });
    return operation.forget({ connection: fields.get("connection"), customerId });
  });
}
