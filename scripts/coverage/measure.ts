import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import v8 from "@vitest/coverage-v8";
import { V8CoverageProvider } from "@vitest/coverage-v8/dist/provider.js";
import type { CoverageProviderModule, ReportContext, Vitest } from "vitest/node";
import { ignoreGlue } from "./glue.ts";

type Transformed = Awaited<ReturnType<V8CoverageProvider["transformFile"]>>;

/** V8's coverage, of the modules that Vitest loads and of the bundle as well, traced back to its sources by its maps. */
class MeasuredBundle extends V8CoverageProvider {
  override initialize(vitest: Vitest): void {
    super.initialize(vitest);
    this.options.ignoreNode = ignoreGlue;
  }

  override isIncluded(file: string, root?: string): boolean {
    return isBundled(file) || super.isIncluded(file, root);
  }

  override async transformFile(...asked: Parameters<V8CoverageProvider["transformFile"]>): Promise<Transformed> {
    const [url] = asked;
    const file = url.startsWith("file://") ? fileURLToPath(url) : url;
    if (!isBundled(file)) return super.transformFile(...asked);
    const [code, map] = await Promise.all([readFile(file, "utf8"), readFile(`${file}.map`, "utf8")]);
    return { code, map: JSON.parse(map) } as Transformed;
  }

  override async generateCoverage(run: ReportContext): ReturnType<V8CoverageProvider["generateCoverage"]> {
    const coverage = await super.generateCoverage(run);
    coverage.filter((file) => !isBundled(file));
    return coverage;
  }
}

/** What scripts/build.ts writes has its map beside it. */
function isBundled(file: string): boolean {
  return file.endsWith(".cjs") && existsSync(`${file}.map`);
}

// The module of Vitest itself, not a copy: processes that serve many test files load this one anew, and it keeps a session.
const measure: CoverageProviderModule = Object.assign(v8, { getProvider: async () => new MeasuredBundle() });
export default measure;
