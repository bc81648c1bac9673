import { defineConfig } from "vitest/config";
import { forgetShell } from "./test/forget-shell.ts";

forgetShell();

/** Tests of modules that touch nothing outside: files may share a process. */
const PURE = [
  "test/{configuration,delivery,deployment,engine,hygiene,infra,notify,problems,registration,rotation,status,triggers}/**/*.test.ts",
  "test/{errors,layers}.test.ts",
];

export default defineConfig({
  test: {
    // Vitest leaves one processor free: of two that is half of the time.
    maxWorkers: "100%",
    // They end what hangs and measure nothing: some tests play months, which a machine shared by many makes minutes of.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    coverage: {
      provider: "custom",
      customProviderModule: "./scripts/coverage/measure.ts",
      excludeAfterRemap: true,
      include: ["functions/**", "shared/**"],
      reportOnFailure: true,
      reporter: ["text-summary", "html", "json-summary"],
    },
    projects: [
      { extends: true, test: { name: "pure", include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: "edges",
          include: ["test/**/*.test.ts"],
          exclude: PURE,
          globalSetup: ["test/bundle-once.ts"],
          // They patch Date and the certificate store of their process: one process per file.
          pool: "forks",
          isolate: true,
        },
      },
    ],
  },
});
