import type { Clock } from "../local/clock.ts";
import type { Cloud } from "../local/cloud/cloud.ts";
import type { Host } from "../local/host/host.ts";
import { KEYS } from "./setting.ts";
import type { Teller } from "./teller.ts";

/** What was printed for a person who wants to call the app. */
export interface Caller {
  /** Function keys guard the API, not tokens. */
  byKey: boolean;
  /** When the token expires, in milliseconds; `undefined` where function keys guard the API. */
  expiresOn: number | undefined;
}

interface Surroundings {
  cloud: Cloud;
  clock: Clock;
  tell: Teller;
}

const DAY = 24 * 3600 * 1000;

/** Says which functions there are, how they are called, and with what: a token, or the function key where keys guard. */
export async function explainCalls(given: Surroundings & { host: Host; certificate: string }): Promise<Caller> {
  const { host, cloud, certificate, tell } = given;
  const origin = host.url.replace("127.0.0.1", "localhost");
  tell.text("");
  for (const { name, route, methods = [], schedule, trigger } of host.functions) {
    const called = route ? `${methods.join(" ")} ${origin}/${route}` : (schedule ?? trigger);
    tell.text(`${name.padEnd(30)}${called}`);
  }
  const byKey = guardedByKeys(host);
  tell.text("");
  const expiresOn = byKey ? undefined : await printToken(given);
  if (byKey) {
    tell.text("Function keys guard the API, because API_AUDIENCE is empty:");
    tell.text(`KEY=${KEYS.function}`);
  }
  const header = byKey ? "x-functions-key: $KEY" : "Authorization: Bearer $TOKEN";
  tell.text("");
  tell.text(`curl -H "${header}" -d "{}" ${origin}/api/provision    # then consent, then rotate`);
  tell.text(`curl -H "${header}" ${origin}/api/status`);
  const json = `-H "Content-Type: application/json" -d "{}"`;
  const timer = `${origin}/admin/functions/rotate-on-schedule`;
  tell.text(`curl -X POST -H "x-functions-key: ${KEYS.master}" ${json} ${timer}    # the timer, now`);
  tell.text("");
  tell.text(`OpenMetadata of the local cloud: ${cloud.urls.openMetadata}, certificate: ${certificate}`);
  tell.text('Type "+60d", "+3h" or "+10m" and Enter to move the clock; Ctrl+C ends.');
  tell.text("");
  return { byKey, expiresOn };
}

export function guardedByKeys({ functions }: Host): boolean {
  return functions.some(({ authLevel }) => authLevel === "function");
}

/** Prints a new token when less than a month is left of the one that was printed. */
export async function renewToken(caller: Caller, given: Surroundings): Promise<Caller> {
  const { expiresOn } = caller;
  if (expiresOn === undefined || expiresOn - given.clock.now().getTime() > 30 * DAY) return caller;
  return { ...caller, expiresOn: await printToken(given) };
}

async function printToken({ cloud, clock, tell }: Surroundings): Promise<number> {
  const expiresOn = clock.now().getTime() + 365 * DAY;
  const exp = Math.floor(expiresOn / 1000);
  const token = await cloud.entra.issueToken({ aud: cloud.app.audience, roles: ["Automation.Run"], exp });
  const until = new Date(expiresOn).toISOString().slice(0, 10);
  tell.text(`A token of the local tenant, valid until ${until}, and nowhere else:`);
  tell.text(`TOKEN=${token}`);
  return expiresOn;
}
