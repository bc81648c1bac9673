import type { Notice } from "./notice.ts";

/** What is remembered under a name; `etag` names the state that was read. */
export interface Remembered {
  json: unknown;
  etag: string;
}

/** Remembers what was told. @throws {UpstreamError} */
export interface Memory {
  recall(name: string): Promise<Remembered | undefined>;
  /** Writes over the state that was read, or anew without one; answers whether nobody was faster. */
  remember(name: string, json: unknown, etag: string | undefined): Promise<boolean>;
}

/** Has a notice sent, now or later. @throws {UpstreamError} */
export type Send = (notice: Notice) => Promise<void>;
