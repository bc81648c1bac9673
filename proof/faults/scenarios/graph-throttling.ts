import { SECOND } from "../../../shared/limits.ts";
import { graphSays } from "../../strikes/refusals.ts";
import { mostWithin } from "../bursts.ts";
import type { Scenario } from "../scenario.ts";

const ADD = { service: "graph", path: /\/addPassword$/ } as const;
const LIST = {
  service: "graph",
  method: "GET",
  path: /\/applications\(uniqueName='openmetadata-ingestion'\)$/,
} as const;

/** Graph asks for patience. */
export const GRAPH_THROTTLING: Scenario[] = [
  {
    fault: 20,
    variant: "reads",
    title: "Graph throttles, and says for how long",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "the first read of a run is answered 429 with Retry-After: 3, twice",
    from: "due",
    async play(scene) {
      const times: number[] = [];
      const throttled = scene.inject(LIST, (_request, hit) => {
        times.push(scene.clock.now().getTime());
        return hit <= 2 ? TOO_MANY("3") : undefined;
      });
      await scene.run();
      const [one = 0, two = 0, three = 0] = times;
      scene.verify("waited as long as it was told", two - one >= 3 * SECOND && three - two >= 3 * SECOND);
      throttled.end();
    },
  },
  {
    fault: 20,
    variant: "long",
    title: "Graph throttles for longer than a run can wait",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "every read is answered 429 with Retry-After: 300 during one run",
    from: "due",
    async play(scene) {
      const throttled = scene.inject({ service: "graph" }, TOO_MANY("300"));
      await scene.run();
      // Two messages are on their way: that of the timer, and that of whoever found it silent.
      const most = mostWithin(295 * SECOND, throttled.times);
      scene.verify("asked once for each message, and left Graph alone for as long as it said", most > 0 && most <= 2);
      throttled.end();
    },
  },
  {
    fault: 20,
    variant: "write",
    title: "Graph throttles a write that must not be repeated",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "addPassword is answered 429 with Retry-After: 40",
    from: "provisioned",
    repeats: { path: "rotate" },
    async play(scene) {
      const throttled = scene.inject(ADD, TOO_MANY("40"));
      const { retryAfter } = await scene.post("rotate");
      scene.verify(
        "asked once and told the caller to wait as long as Graph wants",
        throttled.hits() === 1 && retryAfter >= 40,
      );
      throttled.end();
    },
  },
  {
    fault: 20,
    variant: "no Retry-After",
    title: "Graph throttles for an hour without saying for how long",
    source: "Microsoft Learn: Microsoft Graph throttling guidance",
    injected: "every request is answered 429 during one run",
    from: "due",
    async play(scene) {
      const throttled = scene.inject({ service: "graph" }, TOO_MANY());
      await scene.run();
      const most = mostWithin(295 * SECOND, throttled.times);
      scene.verify("gave up after a few attempts, for a run five minutes later to go on", most > 0 && most <= 2 * 4);
      throttled.end();
    },
  },
];

const TOO_MANY = (retryAfter?: string) =>
  graphSays(429, ["TooManyRequests", "Too many requests."], retryAfter ? { "retry-after": retryAfter } : {});
