/**
 * How far the deployment of pipelines with one credential has come. They are deployed in the order of their ids, from
 * some one on and round to it.
 */
export interface Progress {
  /** Which delivery it belongs to: of another one it says nothing. */
  of: string;
  from: string;
  /** The last one that was tried; undefined before the first. */
  upTo?: string | undefined;
  /** Those that could not be deployed, and how often that was tried. */
  failed: { id: string; times: number }[];
  /** The state of the bot's user that they were deployed with, where the server tells one. */
  as?: number | undefined;
}

/**
 * What a run is told of an earlier one, and what it leaves to a later one; filled in as it goes, so that it counts
 * however the run ends.
 */
export interface Notebook {
  readonly told?: Progress | undefined;
  /** Before `lookOn` going on is of no use. */
  left?: (Progress & { lookOn: Date }) | undefined;
}

/** What is known of this delivery: what this run has noted, or was told. */
export function known(notebook: Notebook | undefined, of: string): Progress | undefined {
  return [notebook?.left, notebook?.told].find((one) => one?.of === of);
}

/** Was this run sent to go on with this delivery? */
export function goesOnWith(notebook: Notebook | undefined, of: string): boolean {
  return notebook?.told?.of === of;
}
