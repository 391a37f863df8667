import { defineConfig } from "vitest/config";

/** What docs/deploy.md promises, done with the real program and the files of `deploy/`: `npm run trials`. It needs nginx, Caddy and the
 *  programs of PostgreSQL (Debian: apt-get install nginx-light caddy postgresql-15), and takes some minutes. */
export default defineConfig({
  test: { include: ["test/deploy/**/*.trial.ts"], testTimeout: 300_000, hookTimeout: 120_000, maxWorkers: 1 },
});
