import { credentials } from "../../shared/clients/graph/credentials.ts";
import { installationMark } from "../../shared/clients/graph/marks.ts";
import { REQUEST_TIME_OUT } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Consumer, Ports } from "../../shared/rotation/client-secret/ports.ts";
import type { Kept, SecretStore } from "../../shared/rotation/secret-store.ts";
import { type Entra, OWN_APP_ID } from "./entra.ts";
import { simulatedGraph } from "./graph.ts";
import type { Network } from "./network.ts";
import type { Run } from "./run.ts";
import type { Timeline } from "./timeline.ts";
import { show, tagsOf, type VaultSecret } from "./vault.ts";
import type { Watch } from "./watch.ts";

/** The secret's name in every simulated world. */
export const SECRET = "openmetadata-ingestion-client-secret";

const REGISTRATION = { uniqueName: "openmetadata-ingestion" };
const MARK = installationMark("https://simulated.vault.azure.net", SECRET);

export interface Surroundings {
  /** Of the deployment. */
  name: string;
  timeline: Timeline;
  network: Network;
  entra: Entra;
  current: VaultSecret;
  staged: VaultSecret;
  watch: Watch;
  /** What each process of the app remembers. */
  clientIds: Map<number, string>;
  log(run: Run, event: LogEvent): void;
}

/** The ports of one run, on the simulated services: they answer and throw what the real clients do. */
export function rotationPorts(around: Surroundings, run: Run, consumer: Consumer): Ports {
  const { timeline } = around;
  return {
    name: SECRET,
    credentials: credentialsOf(around, run),
    registration: REGISTRATION,
    ownAppId: async () => OWN_APP_ID,
    clientId: clientIdOf(around, run),
    current: secretStore(around, run, around.current),
    staged: secretStore(around, run, around.staged),
    signIn: (_appId, value) => signIn(around, run, value),
    consumer,
    now: () => new Date(timeline.now()),
    wait: (milliseconds) =>
      new Promise((resolve) => timeline.after(milliseconds, () => run.state === "alive" && resolve(undefined))),
    nonce: () => `nonce-${run.name}-${timeline.now()}`,
    log: (line) => around.log(run, line),
  };
}

/** The app's real client: it marks, filters and dates the credentials, and repeats or does not repeat its requests. */
function credentialsOf(around: Omit<Surroundings, "clientIds">, run: Run): Ports["credentials"] {
  return credentials(simulatedGraph(around, run), { name: REGISTRATION, mark: MARK });
}

/** As the process of the run remembers it. */
function clientIdOf({ clientIds, ...around }: Surroundings, run: Run): Ports["clientId"] {
  const { instance } = run;
  return {
    async find() {
      const known = clientIds.get(instance);
      if (known !== undefined) return known;
      return (await credentialsOf(around, run).list())?.appId;
    },
    tell: (appId) => void clientIds.set(instance, appId),
    forget: () => void clientIds.delete(instance),
  };
}

/** A sign-in of the app with a client secret. */
export function signIn({ network, entra }: Surroundings, run: Run, value: string) {
  const action = "sign in as the application";
  const effect = (lag: number) => entra.signIn(run, value, lag);
  run.lookedAt = undefined;
  return network.call(run, { service: "Entra", action, write: false, timeout: REQUEST_TIME_OUT, effect });
}

function secretStore({ network, current, watch, timeline }: Surroundings, run: Run, secret: VaultSecret): SecretStore {
  const vault = <T>(action: string, write: boolean, effect: () => T): Promise<T> =>
    network.call(run, {
      service: "Key Vault",
      action: `${action} secret "${secret.name}"`,
      write,
      timeout: REQUEST_TIME_OUT,
      effect,
    });
  return {
    latest: () =>
      vault("read", false, () => {
        if (secret === current) run.lookedAt = timeline.now();
        return secret.shown();
      }),
    value: (version) => {
      run.lookedAt = undefined;
      return vault("read the value of", false, () => secret.value(version));
    },
    store: (value: string, credential: Kept) =>
      vault("store a new version of", true, () => {
        const version = secret.store(value, credential);
        if (secret === current) watch.promoted(run, version);
        else watch.staged(run, version);
        return show(version);
      }),
    announce: (nonce, { on, expiresOn }) =>
      vault("write to", true, () => {
        secret.announce(nonce, { on, expiresOn });
        watch.announced(run);
      }),
    note: (seen, milestones) => {
      run.lookedAt = undefined;
      return vault("note progress on", true, () => {
        const version = secret.tag(seen.version, { ...tagsOf(seen), ...milestones });
        watch.noted(run, version, milestones);
        return show(version);
      });
    },
    vault: "openmetadata-kv",
    isDeleted: () => vault("look for a deleted", false, () => secret.deleted),
    history: () => vault("read the versions of", false, () => secret.versions.map(show)),
  };
}
