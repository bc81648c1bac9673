/** One entry of the closed list. */
export interface Problem {
  /** Of the answer; 202 is for what only waits, 503 for what the same request may get over later. */
  status: 202 | 400 | 401 | 403 | 409 | 413 | 500 | 502 | 503;
  /** The same for every occurrence. */
  title: string;
  means: string;
  /** What to do; also the hint of an answer that knows no better one. */
  hint: string;
}
