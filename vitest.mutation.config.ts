import { configDefaults, defineConfig } from "vitest/config";
import { forgetShell } from "./test/forget-shell.ts";

forgetShell();

/** The tests that scripts/mutation.ts has chosen for a part: they run hundreds of times. */
export default defineConfig({
  test: {
    include: (process.env.MUTATION_TESTS ?? "").split(","),
    // It draws with a real browser, for a minute.
    exclude: [...configDefaults.exclude, "test/page/browser.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globalSetup: ["test/bundle-once.ts"],
  },
});
