import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Operation } from "../../accounts/operating/operation.ts";
import { formOf } from "../security/forms.ts";
import type { Limits } from "../security/limits.ts";
import { isBearer, refusing } from "./probes.ts";

export interface OperationOptions {
  readonly operation: Operation;
  /** What the program's own commands send with each request (bearer). */
  readonly statusToken: string;
  readonly limits: Pick<Limits, "tries">;
}

/** Where the commands of the program reach the running one: it has the store for itself. A form goes in, JSON comes out. */
export function addOperation(server: FastifyInstance, { operation, statusToken, limits }: OperationOptions): void {
  const refuse = refusing(server, limits);
  const on = (path: string, work: (fields: URLSearchParams, reply: FastifyReply) => Promise<unknown>) =>
    server.post(path, async (request: FastifyRequest, reply) =>
      isBearer(request, statusToken) ? work(formOf(request.body), reply) : refuse(request, reply),
    );
  on("/operation/pause", (fields) => operation.pause({ connection: fields.get("connection"), paused: true }));
  on("/operation/resume", (fields) => operation.pause({ connection: fields.get("connection"), paused: false }));
  on("/operation/forget", async (fields, reply) => {
    const customerId = Number(fields.get("customer") ?? "");
    if (!Number.isSafeInteger(customerId) || customerId < 1)
      return reply.code(400).send({ error: "customer is the number of a customer." });
    return operation.forget({ connection: fields.get("connection"), customerId });
  });
  on("/operation/remove", async (fields, reply) => {
    const connection = fields.get("connection") ?? "";
    if (connection === "") return reply.code(400).send({ error: "connection is the name of an account." });
    return operation.remove({ connection });
  });
}
