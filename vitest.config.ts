import { defineConfig } from "vitest/config";

/** Tests that wait for long, and so are begun first, or that count what is left running: they have a worker process of their own. */
const ALONE = [
  "test/{e2e,faults,replay}/**/*.test.ts",
  "test/config/load-in-worker.test.ts",
  "test/connection/leaks.test.ts",
  "test/connection/catch-up/gaps.test.ts",
  "test/store/{postgres,postgres/*}.test.ts",
  "test/**/*.browser.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On a busy machine a second is soon over.
    expect: { poll: { timeout: 20_000 } },
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
          include: ["test/e2e/{life,store}.test.ts"],
          env: { TEST_STORE: "postgres" },
          globalSetup: ["test/helpers/shared-postgres.ts"],
        },
      },
    ],
  },
});
