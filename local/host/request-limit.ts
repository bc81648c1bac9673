/** From host.json, `extensions.http`; without a number there is no limit. */
export interface RequestLimits {
  /** Requests that run at a time; others wait. */
  running: number;
  /** Requests that run or wait; one more is refused. */
  outstanding: number;
}

/** Lets requests to functions in: resolves with what ends one, or with `undefined` for one too many. */
export type Admit = () => Promise<(() => void) | undefined>;

/** Microsoft Learn: "Azure Functions HTTP triggers and bindings", host.json settings: 429 for what is over the limit. */
export function createAdmission({ running, outstanding }: RequestLimits): Admit {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const leave = (): void => {
    const next = waiting.shift();
    // Its place goes to who has waited longest.
    if (next) next();
    else inside -= 1;
  };
  return async () => {
    if (inside + waiting.length >= outstanding) return undefined;
    if (inside < running) inside += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return leave;
  };
}
