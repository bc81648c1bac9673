import { DAY } from "../../../shared/limits.ts";
import type { LogEvent } from "../../../shared/log.ts";
import type { Handed, Ports, Pushed, Signed } from "../../../shared/rotation/client-secret/ports.ts";
import { clientSecret } from "../../../shared/rotation/client-secret/rotate.ts";
import type { Order } from "../../../shared/rotation/order.ts";
import type { Kept, Version } from "../../../shared/rotation/secret-store.ts";
import { NOTHING_NOTED } from "../../../shared/rotation/stored.ts";
import { policy } from "./planned.ts";

export const START = Date.UTC(2031, 2, 3, 12);
export const NAME = "openmetadata-ingestion-client-secret";
const MINUTE = 60_000;

/** One client secret in an Entra, a vault and a consumer that are held in memory, and the time, which passes by hand. */
export function secretWorld() {
  const world = {
    time: START,
    entra: [] as (Signed & { value: string })[],
    current: [] as Version[],
    staged: [] as Version[],
    /** What was done to the outside, in order. */
    did: [] as string[],
    pushed: [] as Handed[],
    log: [] as LogEvent[],
    /** Entra's list shows what was retired. */
    lags: false,
    isRegistered: true,
    madeLately: false,
    consumer: async (): Promise<Pushed> => ({ kind: "delivered", detail: "seen" }),
    retires: async (): Promise<void> => undefined,
    pass(milliseconds: number) {
      world.time += milliseconds;
    },
  };
  const retired = new Set<string>();
  const values = new Map<string, string>();
  const now = () => new Date(world.time);
  const store = (secret: "current" | "staged") => {
    const add = (version: Version): Version => {
      world[secret].push(version);
      return version;
    };
    const begun = () => ({
      ...NOTHING_NOTED,
      version: `${secret}-${world[secret].length + 1}`,
      enabled: true,
      createdOn: now(),
    });
    return {
      vault: "prod-kv",
      latest: async () => world[secret].at(-1),
      value: async (version: string) => values.get(version) ?? "",
      async store(value: string, { keyId, nonce, issuedOn, expiresOn, provenOn, asked }: Kept) {
        const version = add({ ...begun(), intent: false, keyId, nonce, issuedOn, expiresOn, provenOn, asked });
        values.set(version.version, value);
        return version;
      },
      async announce(nonce: string, { on: issuedOn, expiresOn }: { on: Date; expiresOn: Date }) {
        add({ ...begun(), intent: true, keyId: undefined, nonce, issuedOn, expiresOn });
      },
      async note({ version }: Version, noted: Partial<Version>) {
        const place = world[secret].findIndex((one) => one.version === version);
        const changed = { ...(world[secret][place] as Version), ...noted };
        world[secret][place] = changed;
        return changed;
      },
      isDeleted: async () => false,
      history: async () => world[secret],
    };
  };
  const ports = {
    name: NAME,
    registration: { uniqueName: "openmetadata-ingestion" },
    ownAppId: async () => "this-app",
    clientId: { find: async () => "app", tell: () => undefined, forget: () => undefined },
    madeLately: () => world.madeLately,
    credentials: {
      async list() {
        if (!world.isRegistered) return undefined;
        const managed = world.entra.filter(({ keyId }) => world.lags || !retired.has(keyId));
        const holder = { objectId: "object", appId: "app", createdOn: new Date(START), createdByAppId: "this-app" };
        return { ...holder, managed, unsigned: [], others: [], foreign: 0 };
      },
      limits: async () => undefined,
      async issue(_: string, nonce: string, expiresOn: Date) {
        const keyId = `key-${world.entra.length + 1}`;
        world.did.push(`issue ${keyId}`);
        const value = `value of ${keyId}`;
        world.entra.push({ keyId, nonce, mark: "mark", issuedOn: now(), expiresOn, value });
        return { keyId, value };
      },
      async retire(_: string, keyId: string) {
        await world.retires();
        world.did.push(`retire ${keyId}`);
        retired.add(keyId);
      },
    },
    current: store("current"),
    staged: store("staged"),
    signIn: async (_: string, secret: string) => {
      const known = world.entra.some(({ keyId, value }) => value === secret && !retired.has(keyId));
      return known ? { kind: "signed-in" } : { kind: "unknown-secret" };
    },
    consumer: {
      async push(handed: Handed) {
        world.pushed.push(handed);
        const came = await world.consumer();
        if (came.kind === "delivered") world.did.push(`push ${handed.value.replace("value of ", "")}`);
        return came;
      },
    },
    nonce: () => "nonce",
    now,
    random: () => 0,
    wait: async (milliseconds: number) => world.pass(milliseconds),
    log: (event: LogEvent) => void world.log.push(event),
  } as unknown as Ports;
  const order = (more: Partial<Order>): Order => ({
    policy,
    beganOn: now(),
    endsOn: new Date(world.time + 8 * MINUTE),
    ...more,
  });
  const rotation = (how?: { byEvent: boolean }) => clientSecret("ingestion-client-secret", ports, how);
  return {
    world,
    rotation,
    rotate: (more: Partial<Order> = {}, how?: { byEvent: boolean }) => rotation(how).rotate(order(more)),
    preview: (more: Partial<Order> = {}) => rotation().preview(order(more)),
    /** Runs each day, so many days. */
    async days(count: number) {
      for (let day = 0; day < count; day += 1) {
        world.pass(DAY);
        await rotation().rotate(order({}));
      }
    },
  };
}
