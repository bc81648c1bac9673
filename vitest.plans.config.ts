import { defineConfig } from "vitest/config";

/** The tests of the pure modules alone, which mutation testing runs hundreds of times. */
export default defineConfig({
  test: { include: ["test/{rotation,registration,delivery,deployment,hygiene}/**/*.test.ts"] },
});
