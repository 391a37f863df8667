import { afterLoss } from "./backoff.ts";
import type { Line } from "./dial.ts";
import type { Listening } from "./keep-open.ts";

/** Opens a socket for the wanted target beside the old line, then closes the old one: nothing falls between (reliability.md
 *  F15). The old line goes on while that fails. Gives the new line, or the old one when that ended first. */
export async function changeOver(listening: Listening, old: Line): Promise<Line> {
  const { wish, dialler, random, log, report } = listening;
  for (let losses = 0; ; ) {
    const dialled = await dialler.dial(wish.target());
    if (wish.isStopped()) return old;
    if (dialled.outcome === "open") {
      const hadEnded = old.hasEnded();
      report.opened(dialled.line);
      old.socket.close();
      // Events may have been missed in between: that is an opening like any other.
      if (hadEnded) report.state("open");
      dialled.line.hear();
      return dialled.line;
    }
    if (dialled.outcome === "refused") {
      const again = wish.wait({ line: old });
      report.refused(dialled.refusal);
      await again;
    } else {
      const loss = { clean: false, openMs: null, retryAfterMs: dialled.retryAfterMs };
      const next = afterLoss(losses, loss, random());
      losses = next.losses;
      log.warn({ reason: dialled.reason, pauseMs: next.pauseMs }, "the new socket did not open, the old one goes on");
      await wish.wait({ line: old, ms: next.pauseMs, orRetargeted: true });
    }
    if (old.hasEnded() || wish.isStopped()) return old;
  }
}
