import type { Bot } from "../../e2e/bot.ts";

const PATIENCE_MS = 10_000;

/** The status of one of the bot's pages; null: no answer came in time. */
export async function pageStatus(bot: Bot, path: string, patienceMs = PATIENCE_MS): Promise<number | null> {
  try {
    const answer = await fetch(`${bot.url()}${path}`, { signal: AbortSignal.timeout(patienceMs) });
    await answer.text();
    return answer.status;
  } catch {
    return null;
  }
}

/** What `/readyz` says of the last reading of the files; null: no answer. */
export async function readiness(bot: Bot): Promise<Readiness | null> {
  try {
    const answer = await fetch(`${bot.url()}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { config_last_reload_success: success, config_errors: errors } = (await answer.json()) as ReadyPage;
    return { status: answer.status, isConfigGood: success === 1, errors };
  } catch {
    return null;
  }
}

interface ReadyPage {
  readonly config_last_reload_success: number;
  readonly config_errors: readonly string[];
}

export interface Readiness {
  readonly status: number;
  readonly isConfigGood: boolean;
  readonly errors: readonly string[];
}

/** The process has not ended. */
export function isAlive({ pid }: Bot): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
