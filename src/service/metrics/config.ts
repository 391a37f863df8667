import { Counter, Gauge, type Registry } from "prom-client";
import type { MetricsOptions } from "../metrics.ts";

/** How the files were read, and which rules are in force. */
export function createConfigMetrics(registry: Registry, config: MetricsOptions["config"]) {
  const registers = [registry];
  const success = new Gauge({
    name: "rulebot_config_last_reload_success",
    help: "1: the last reading of the files was taken over; 0: it had faults, and the rules before go on.",
    registers,
  });
  const info = new Gauge({
    name: "rulebot_config_info",
    help: "Always 1; the label tells the version of the rules in force, made of their content.",
    labelNames: ["version"],
    registers,
  });
  const reloads = new Counter({
    name: "rulebot_config_reloads_total",
    help: "How often the files were read again: taken over (result taken) or not (result refused).",
    labelNames: ["result"],
    registers,
  });
  for (const result of ["taken", "refused"]) reloads.inc({ result }, 0);
  return {
    reloaded: (isGood: boolean) => reloads.inc({ result: isGood ? "taken" : "refused" }),
    collect() {
      const { isGood, version } = config();
      success.set(isGood ? 1 : 0);
      info.reset();
      info.set({ version }, 1);
    },
  };
}
