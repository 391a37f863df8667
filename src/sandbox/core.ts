import { type Clock, systemClock } from "../clock.ts";
import { createHub, type Hub } from "./gateway/hub.ts";
import type { OpenAddress } from "./hands/account.ts";
import { createHands, type Hands } from "./hands/index.ts";
import { createFaults, type Faults } from "./http/faults.ts";
import { createRateLimit, type RateLimit } from "./http/rates.ts";
import type { SandboxOptions } from "./options.ts";
import { createStage, type Stage } from "./stage.ts";
import { createWorld } from "./world/create.ts";
import { shopSeed } from "./world/seed.ts";
import type { World } from "./world/world.ts";

/** One account without servers: they may work for many. */
export interface Core {
  readonly clock: Clock;
  readonly world: World;
  readonly stage: Stage;
  readonly faults: Faults;
  readonly hub: Hub;
  readonly hands: Hands;
  readonly rates: { readonly crm: RateLimit; readonly gateway: RateLimit };
}

/** Makes an account. `openAddress` is used when it is renamed. */
export function createCore(
  { clock = systemClock, seed, behaviour }: Pick<SandboxOptions, "clock" | "seed" | "behaviour">,
  openAddress: OpenAddress,
): Core {
  const whole = { seed: { ...shopSeed, ...seed }, now: clock.now() };
  const world = createWorld(behaviour === undefined ? whole : { ...whole, behaviour });
  const stage = createStage({ world, clock });
  const faults = createFaults();
  const hub = createHub(stage, faults);
  stage.onFrame((frame) => hub.send(frame));
  // A token that has become worthless closes its sockets, as the gateway is expected to.
  stage.on((change) => {
    if (change.kind === "module_changed") hub.checkTokens();
  });
  const crm = createRateLimit(() => world.behaviour.crmPerSecond);
  const gateway = createRateLimit(() => world.behaviour.gatewayPerSecond);
  return { clock, world, stage, faults, hub, hands: createHands(stage, openAddress), rates: { crm, gateway } };
}
