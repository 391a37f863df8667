import type { Scenario } from "../lab/scenario.ts";
import { closed } from "./f01-closed.ts";
import { halfOpen } from "./f03-half-open.ts";
import { silence } from "./f05-silent-gap.ts";
import { hopeless, renewed } from "./f06-refused.ts";
import { handshake, oddUpgrades } from "./f07-upgrades.ts";
import { flapping } from "./f09-flapping.ts";
import { stalls } from "./f13-stalls.ts";
import { moved, wrongAddress, wrongClock } from "./f14-addresses.ts";
import { doubles, updatesFirst } from "./f17-doubles.ts";
import { largeFrames, oddFrames } from "./f20-frames.ts";
import { echoes, pingPong } from "./f23-other-bots.ts";
import { flood } from "./f27-flood.ts";
import { gaps, longGap } from "./f29-gaps.ts";
import { burst, retryAfter } from "./f31-limits.ts";
import { lostAnswers } from "./f32-lost-answers.ts";
import { alone, slow, unreachable } from "./f33-unreachable.ts";
import { refusals, undelivered } from "./f34-refusals.ts";
import { tooLate } from "./f36-too-late.ts";
import { kill } from "./f40-kill.ts";
import { innocent, unsent } from "./f40-kill-one.ts";
import { broken } from "./f41-broken-files.ts";
import { inFlight, saving } from "./f48-saving.ts";
import { startRefused } from "./f52-start-refused.ts";
import { storageTroubles } from "./f53-storage.ts";
import { databaseAway } from "./f54-postgres.ts";
import { replicas } from "./f55-replicas.ts";
import { secondSignal, stopping } from "./f58-stopping.ts";
import { poison, uncaught } from "./f59-crashes.ts";
import { forged, inward } from "./f61-connecting.ts";
import { callbacks } from "./f63-callbacks.ts";
import { guessing, pages } from "./f64-pages.ts";
import { oddAnswers } from "./f65-odd-answers.ts";
import { doubleConnects } from "./f66-twice.ts";
import { besideTrouble, revoked } from "./f67-beside-trouble.ts";
import { outsideCalls } from "./f69-outside.ts";
import { stuckChat } from "./p04-stuck-chat.ts";
import { outage } from "./p06-outage.ts";
import { memory } from "./p12-memory.ts";
import { hostile } from "./p16-hostile-texts.ts";
import { moduleState } from "./p19-module.ts";
import { onPostgres } from "./p22-postgres.ts";
import { thousand } from "./p22-thousand.ts";

/** Every scenario, in the order of the list of faults. */
export const SCENARIOS: readonly Scenario[] = [
  closed,
  halfOpen,
  silence,
  renewed,
  hopeless,
  oddUpgrades,
  handshake,
  flapping,
  stalls,
  wrongAddress,
  wrongClock,
  moved,
  largeFrames,
  doubles,
  updatesFirst,
  oddFrames,
  echoes,
  pingPong,
  flood,
  ...gaps,
  longGap,
  retryAfter,
  burst,
  ...lostAnswers,
  unreachable,
  refusals,
  undelivered,
  tooLate,
  slow,
  kill,
  innocent,
  unsent,
  broken,
  saving,
  inFlight,
  startRefused,
  ...storageTroubles,
  databaseAway,
  ...replicas,
  stopping,
  secondSignal,
  uncaught,
  poison,
  forged,
  inward,
  callbacks,
  pages,
  guessing,
  oddAnswers,
  ...doubleConnects,
  besideTrouble,
  revoked,
  outsideCalls,
  stuckChat,
  outage,
  memory,
  alone,
  hostile,
  moduleState,
  thousand,
  onPostgres,
];
