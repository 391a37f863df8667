import type { Log } from "../../log.ts";
import type { Ending } from "../socket/fate.ts";
import { afterLoss, type Loss } from "./backoff.ts";
import { changeOver } from "./change-over.ts";
import type { Dialled, Dialler, Line, Refusal } from "./dial.ts";
import type { Wish } from "./wish.ts";

export type ListenerStateName = "connecting" | "open" | "waiting" | "refused" | "stopped";

/** What the loop needs of its surroundings, and where it tells what happens. */
export interface Listening {
  readonly wish: Wish;
  readonly dialler: Dialler;
  readonly random: () => number;
  readonly log: Log;
  readonly report: {
    state(name: ListenerStateName, detail?: { readonly reason: string; readonly pauseMs?: number }): void;
    opened(line: Line): void;
    refused(refusal: Refusal): void;
  };
}

/** Why there is no socket just now. */
interface Setback {
  readonly loss: Loss;
  readonly reason: string;
}

/** Keeps one socket open until the wish is stopped: dial, serve, pause, again (reliability.md D6). */
export async function keepOpen(listening: Listening): Promise<void> {
  const { wish, dialler, report, random } = listening;
  for (let losses = 0; !wish.isStopped(); ) {
    report.state("connecting");
    const dialled = await dialler.dial(wish.target());
    if (wish.isStopped()) return;
    if (dialled.outcome === "refused") {
      await standRefused(listening, dialled.refusal);
      losses = 0;
      continue;
    }
    const setback = dialled.outcome === "open" ? await serve(listening, dialled.line) : notOpened(listening, dialled);
    if (wish.isStopped()) return;
    const next = afterLoss(losses, setback.loss, random());
    losses = next.losses;
    const paused = wish.wait({ ms: next.pauseMs });
    report.state("waiting", { reason: setback.reason, pauseMs: next.pauseMs });
    await paused;
  }
}

/** Nothing is tried until somebody says so: a dead token must not be hammered (reliability.md P20). The wait begins before
 *  the owner is told, since it may ask to retry at once. */
async function standRefused({ wish, report }: Listening, refusal: Refusal): Promise<void> {
  const again = wish.wait({});
  report.state("refused", { reason: `the token is not accepted (${refusal.status})` });
  report.refused(refusal);
  await again;
}

/** Stays with the line, changing over to another as often as another target is wanted, until the last one ends. */
async function serve(listening: Listening, first: Line): Promise<Setback> {
  const { wish, report, log } = listening;
  report.opened(first);
  report.state("open");
  first.hear();
  let line = first;
  while (!line.hasEnded() && !wish.isStopped()) {
    if (line.target === wish.target()) await wish.wait({ line, orRetargeted: true });
    else line = await changeOver(listening, line);
  }
  const ending = await line.socket.ended;
  const reason = describe(ending);
  if (ending.clean || ending.cause === "ours") log.info({ code: ending.code }, reason);
  else log.warn({ code: ending.code, openMs: ending.openMs }, reason);
  return { loss: { clean: ending.clean, openMs: ending.openMs, retryAfterMs: null }, reason };
}

function notOpened({ log }: Listening, { reason, retryAfterMs }: Dialled & { readonly outcome: "failed" }): Setback {
  log.warn({ reason }, "the socket did not open");
  return { loss: { clean: false, openMs: null, retryAfterMs }, reason };
}

const ENDED: Readonly<Record<Ending["cause"], string>> = {
  dead: "the socket fell silent",
  oversized: "a frame was too large",
  lost: "the socket was cut",
  peer: "the gateway closed the socket",
  ours: "the socket was closed",
};

const describe = ({ cause, code, reason }: Ending) =>
  `${ENDED[cause]} (${reason === "" ? String(code) : `${code}: ${reason}`})`;
