/** Where tests stand and how they run: real git, a clean environment, two cores. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "packages/*/src/**/*.test.ts",
      "test/**/*.test.ts",
      "scripts/test/**/*.test.ts",
    ],
    // Before any test: no GIT_* of the caller, no user's or system's git config, a HOME of its own.
    // The scanner's keywords are built of its rows: a changed row must not be tested by old ones.
    globalSetup: ["scripts/keywords.mjs"],
    setupFiles: ["packages/testkit/src/clean-environment.ts"],
    reporters: ["default", "./scripts/count-reporter.mjs"],
    testTimeout: 90_000,
    hookTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
    // Nothing collected is not green.
    passWithNoTests: false,
  },
});
