import type { CrmApi } from "../api/crm.ts";
import { createCrmReads } from "../api/crm-reads.ts";
import { ApiError } from "../api/errors.ts";
import { crmUser, settingsAnswer } from "../sandbox/crm/answers.ts";
import { SHOP_READS } from "../sandbox/crm/shop-answers.ts";
import { CrmRefusal } from "../sandbox/world/refusal.ts";
import type { World } from "../sandbox/world/world.ts";
import type { Json, JsonObject } from "../types/json.ts";

/** What look-ups ask of the CRM. */
export type TestCrm = Pick<CrmApi, "settings" | "users" | keyof ReturnType<typeof createCrmReads>>;

/** The sandbox's CRM without a network. `answers` false: it can't be reached. */
export function createTestCrm(world: World, answers: boolean): TestCrm {
  const read = async (path: string, query: [string, string][]): Promise<JsonObject> => {
    if (!answers) throw new ApiError({ kind: "unavailable", sent: "no", message: `GET ${path}: no answer` });
    return asJson(answerOf(world, path, query));
  };
  return {
    ...createCrmReads(read),
    settings: async () => asJson((await read("/api/v5/settings", [])).settings) as never,
    users: async () => asJson([...world.people.values()].map(crmUser)) as never,
  };
}

function answerOf(world: World, path: string, query: [string, string][]): unknown {
  if (path === "/api/v5/settings") return { settings: settingsAnswer(world) };
  const method = SHOP_READS.find((known) => known.path === path);
  if (method === undefined) throw refused(path, 404, "Not found");
  try {
    return method.answer(world, recordOf(query));
  } catch (error) {
    if (error instanceof CrmRefusal) throw refused(path, error.status, error.message);
    throw error;
  }
}

const refused = (path: string, status: number, message: string) =>
  new ApiError({
    kind: status === 404 ? "not_found" : "bad_request",
    status,
    sent: "no",
    message: `GET ${path}: ${message}`,
  });

/** Names that repeat are a list. */
function recordOf(query: readonly [string, string][]): Record<string, unknown> {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of query) record[name] = name in record ? [record[name] ?? [], value].flat() : value;
  return record;
}

/** As it comes over HTTP: what is undefined is not there. */
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as JsonObject & Json;
