import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import type { TestProject } from "vitest/node";
import { bundle } from "../scripts/build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the bundled app: tests run what is shipped. */
    main: string;
  }
}

/** Bundles the app once for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-test-"));
  const main = join(folder, "main.cjs");
  await bundle(main, project.config.coverage.enabled ? [unminified] : []);
  project.provide("main", main);
  return () => rm(folder, { recursive: true });
}

/** Where coverage is measured, statements stay as they are written, or they could not be told apart in the sources. */
const unminified: Plugin = {
  name: "unminified",
  setup({ initialOptions }) {
    initialOptions.minifySyntax = false;
  },
};
