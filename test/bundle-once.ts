import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundle } from "../scripts/build.ts";
import { unminified } from "../scripts/coverage/unminified.ts";

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
