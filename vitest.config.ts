import { defineConfig } from "vitest/config";

/** Tests that start programs or databases, or count what is left running, have a worker process of their own. */
const ALONE = [
  "test/{accounts,cli,e2e,faults,replay,replica,service,store}/**/*.test.ts",
  "test/config/{load-in-worker,parse-cache,hostile}.test.ts",
  "test/connection/{connection,leaks,life}.test.ts",
  "test/connection/catch-up/gaps.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // The others keep no state of their own and leave nothing behind: loading everything anew for each file would take longer than
      // its tests.
      { extends: true, test: { name: "together", include: ["test/**/*.test.ts"], exclude: ALONE, isolate: false } },
      {
        extends: true,
        test: {
          // A little of `npm run e2e:postgres`.
          name: "PostgreSQL",
          include: ["test/e2e/{conversation,life,store}.test.ts"],
          env: { TEST_STORE: "postgres" },
          globalSetup: ["test/helpers/shared-postgres.ts"],
        },
      },
    ],
  },
});
