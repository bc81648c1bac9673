import { afterAll, beforeAll, vi } from "vitest";
import type { App } from "./app.ts";

/**
 * Collects, through one file's tests, what the app shows to anybody: answers of its host, console, output. Its log and
 * the tags in the vault are `app().log` and `app().cloud.vault`.
 */
export function collectShown(app: () => App): string[] {
  const shown: string[] = [];
  beforeAll(() => {
    const request = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (...args) => {
      const answer = await request(...args);
      if (answer.url.startsWith(app().host.url)) {
        shown.push(JSON.stringify([...answer.headers]), await answer.clone().text());
      }
      return answer;
    });
    for (const name of ["log", "info", "warn", "error", "debug", "trace"] as const) {
      vi.spyOn(console, name).mockImplementation((...words) => void shown.push(words.map(String).join(" ")));
    }
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockImplementation((text) => shown.push(String(text)) > 0);
    }
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
  return shown;
}
