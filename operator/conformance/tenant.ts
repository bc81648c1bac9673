import { decodeJwt } from "jose";
import { type Clock, retry } from "../../shared/retry.ts";
import { ask } from "../ask.ts";
import { throwAwayApplications } from "./applications.ts";
import { caller, guarded, vaultScope } from "./calls.ts";
import { inWords, type Need, record, seenIn, type Tenant } from "./case.ts";
import { messagesIn } from "./messages.ts";
import { throwAwayObjects } from "./objects.ts";
import type { Patiently } from "./remove.ts";
import type { ThrowAway } from "./throw-away.ts";

/** Where everything is, and who looks. */
export interface Access {
  graphUrl: string;
  authorityUrl: string;
  vaultUrl: string | undefined;
  armUrl: string;
  /** Resource ids by the option that named them. */
  ids: Partial<Record<Need, string>>;
  /** The cookie of a browser in which somebody has signed in to the app. */
  session?: string | undefined;
  events: readonly unknown[];
  tenantId: string;
  ownId: string;
  /** Names of what is made begin so. */
  prefix: string;
  tokenFor(scope: string): Promise<string>;
  clock: Clock;
}

const PAUSES = [1, 2, 4, 8, 15].map((seconds) => seconds * 1000);
const MINUTE = 60_000;

/** The services, and throw-away objects in them. `signal` ends all of it but the removing. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list of verbs that share a counter of names and the calls
export function openTenant(access: Access, thrown: ThrowAway, signal?: AbortSignal): Tenant {
  const { graphUrl, authorityUrl, armUrl, clock } = access;
  const patiently: Patiently = (attempt, until) => retry(clock, attempt, { pauses: PAUSES, until });
  const scope = vaultScope(access.vaultUrl ?? "");
  const last = {
    graph: caller(`${graphUrl}/v1.0`, () => access.tokenFor(`${graphUrl}/.default`)),
    vault: caller(access.vaultUrl ?? "", async () => access.tokenFor(await scope())),
    arm: caller(armUrl, () => access.tokenFor(`${armUrl}/.default`)),
  };
  const graph = guarded(last.graph, signal);
  const vault = guarded(last.vault, signal);
  const arm = guarded(last.arm, signal);
  const waiting = endable(clock, signal);
  const eventually: Tenant["eventually"] = (attempt, until, minutes) =>
    retry(waiting, attempt, { pauses: minutes ? upTo(minutes) : PAUSES, until });
  let count = 0;
  const newName = (): string => `${access.prefix}-${++count}`;
  const signIn: Tenant["signIn"] = async (form, tenantId = access.tenantId) => {
    signal?.throwIfAborted();
    return seenIn(
      await ask(`${authorityUrl}/${tenantId}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(form) }),
      "Entra",
    );
  };
  const applications = throwAwayApplications({
    graph,
    signIn,
    eventually,
    newName,
    graphUrl,
    thrown,
    last: { graph: last.graph, patiently },
  });
  return {
    graph,
    async graphAsApplication() {
      const [{ appId }, { value }] = await Promise.all([applications.application(), applications.secret()]);
      const form = { client_id: appId, client_secret: value, grant_type: "client_credentials" };
      const seen = await signIn({ ...form, scope: `${graphUrl}/.default` });
      if (seen.status !== 200) throw new Error(`the throw-away application cannot sign in: ${inWords(seen)}`);
      return guarded(
        caller(`${graphUrl}/v1.0`, async () => String(record(seen.json).access_token)),
        signal,
      );
    },
    async permissions() {
      const { roles } = decodeJwt<{ roles?: unknown }>(await access.tokenFor(`${graphUrl}/.default`));
      return Array.isArray(roles) ? roles.map(String) : [];
    },
    signIn,
    published: async (path) => seenIn(await ask(`${authorityUrl}/${path}`), "Entra"),
    vault,
    vaultUrl: access.vaultUrl ?? "",
    vaultAs: (token) =>
      guarded(
        caller(access.vaultUrl ?? "", async () => token),
        signal,
      ),
    vaultScope: scope,
    arm,
    named(need) {
      const id = access.ids[need];
      if (id === undefined) throw new Error(`nothing was named by --${need}`);
      return id;
    },
    messages: (url) => messagesIn(url, access.tokenFor),
    app: async (url, as) => {
      signal?.throwIfAborted();
      const cookie = { cookie: `AppServiceAuthSession=${access.session ?? ""}` };
      const token = typeof as === "object" ? await access.tokenFor(as.scope) : undefined;
      return seenIn(await ask(url, { token, headers: as === "session" ? cookie : {} }), "the app");
    },
    events: access.events,
    tenantId: access.tenantId,
    ownId: access.ownId,
    graphUrl,
    authorityUrl,
    newName,
    ...applications,
    ...throwAwayObjects({ vault, arm, graph, last, patiently, thrown }),
    eventually,
    now: () => clock.now(),
  };
}

/** The pauses of so many minutes, the later the longer. */
function* upTo(minutes: number): Generator<number> {
  let left = minutes * MINUTE;
  for (let pause = 2_000; left > 0; pause = Math.min(pause * 1.5, 20_000)) {
    yield Math.min(pause, left);
    left -= pause;
  }
}

/** Waits no longer than until somebody asks for the end. */
function endable(clock: Clock, signal: AbortSignal | undefined): Clock {
  if (!signal) return clock;
  const ended = new Promise<never>((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  ended.catch(() => {});
  return {
    ...clock,
    async wait(milliseconds) {
      await Promise.race([ended, clock.wait(milliseconds)]);
      signal.throwIfAborted();
    },
  };
}
