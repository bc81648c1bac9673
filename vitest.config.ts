import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/bundle-once.ts"],
    // Tests patch Date and the certificate store of their process: one process per file.
    pool: "forks",
    isolate: true,
    // Vitest leaves one processor free: of two that is half of the time.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
