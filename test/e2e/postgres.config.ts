import { defineConfig } from "vitest/config";

/** The end-to-end tests, and those of connections and commands, on PostgreSQL instead of SQLite: `npm run e2e:postgres`. One server
 *  for the run, an empty schema for each bot. A bot that follows a killed one waits there for its claim to run out. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts", "test/connection/**/*.test.ts", "test/cli/online.test.ts"],
    env: { TEST_STORE: "postgres" },
    globalSetup: ["test/helpers/shared-postgres.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On a busy machine a second is soon over.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 3,
  },
});
