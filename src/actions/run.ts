import { isObject, type JsonObject } from "../types/json.ts";
import type { Action } from "./action.ts";
import { checkTemplates, fill } from "./fill.ts";

interface RunArgs {
  readonly flow: string;
  readonly with: JsonObject;
}

/** Does a flow's actions, then goes on. What `with:` gives is read there as `args.<name>`; results are what it stores. */
export const run: Action<{ readonly run: string; readonly with?: JsonObject }, RunArgs> = {
  name: "run",
  speaksTo: () => null,
  compile(raw, tools) {
    const given = raw.with ?? {};
    checkTemplates(given, ["with"], tools);
    const flow = tools.flow(raw.run, ["run"]);
    const args = { flow: raw.run, with: given };
    return flow === null ? { args } : { args, branches: { flow } };
  },
  advance(args, scene) {
    const filled = fill(args.with, scene);
    return { branch: "flow", names: { args: isObject(filled) ? filled : {} } };
  },
};
