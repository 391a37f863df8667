import { type Outside, OutsideError } from "../api/outside.ts";
import type { RawTestService } from "../generated/tests.ts";
import type { Json, JsonObject } from "../types/json.ts";

/** One call of another service, and whether the test said how it is answered. */
export interface ServiceCall {
  readonly method: string;
  readonly url: string;
  readonly known: boolean;
}

/** Other services as a test declares them; one that it does not name can't be reached. */
export function createTestServices(services: readonly RawTestService[], onCall: (call: ServiceCall) => void): Outside {
  return {
    async call(request) {
      const url = String(request.url ?? "");
      const method = String(request.method ?? "GET").toUpperCase();
      const service = services.find((one) => isMeant(one, { url, method }));
      onCall({ method, url, known: service !== undefined });
      if (service === undefined || service.fails) throw new OutsideError(`${hostOf(request)} could not be called`);
      const { status = 200, answer = null } = service;
      if (status < 200 || status > 299) throw new OutsideError(`${hostOf(request)} answered with status ${status}`);
      return answer as Json;
    },
    close() {},
  };
}

function isMeant(service: RawTestService, { url, method }: { readonly url: string; readonly method: string }): boolean {
  if (service.method !== undefined && service.method !== method) return false;
  return service.url.endsWith("*") ? url.startsWith(service.url.slice(0, -1)) : url === service.url;
}

const hostOf = ({ url }: JsonObject) => (URL.canParse(String(url)) ? new URL(String(url)).host : "the service");
