import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../../shared/errors.ts";
import { DELIVERY_LEFT, MINUTE } from "../../../shared/limits.ts";
import type { LogEvent } from "../../../shared/log.ts";
import type { Handed, Ports, Pushed } from "../../../shared/rotation/client-secret/ports.ts";
import { deliverCurrent, pushCurrent, takeBackDelivery } from "../../../shared/rotation/client-secret/push.ts";
import type { Notebook } from "../../../shared/rotation/progress.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";
import { held, on } from "./planned.ts";

const NOW = "2026-02-01";
const later = (minutes: number) => new Date(on(NOW).getTime() + minutes * 60_000);
const fresh = (change: Partial<Version> = {}): Version => ({
  ...held({ deliveredOn: undefined, confirmedOn: undefined }),
  nonce: "nonce",
  ...change,
});

/** A vault whose current secret is `current`, and a consumer that answers so; what was handed on and noted. */
function surroundings(current: Version | undefined, push: (handed: Handed) => Promise<Pushed>) {
  const world = {
    current,
    handed: [] as string[],
    whole: [] as Handed[],
    notes: [] as Record<string, unknown>[],
    log: [] as LogEvent[],
    clientId: "app" as string | undefined,
  };
  const ports = {
    name: "openmetadata-ingestion-client-secret",
    current: {
      vault: "prod-kv",
      latest: async () => world.current,
      value: async (version: string) => `value of ${version}`,
      note: async (seen: Version, noted: Record<string, unknown>) => {
        world.notes.push(noted);
        return { ...seen, ...noted };
      },
    },
    clientId: {
      find: async () => world.clientId,
      forget: () => {
        world.clientId = undefined;
      },
    },
    consumer: {
      push: (handed: Handed) => {
        world.handed.push(handed.version);
        world.whole.push(handed);
        return push(handed);
      },
    },
    now: () => on(NOW),
    log: (event: LogEvent) => void world.log.push(event),
  } as unknown as Ports;
  return { world, ports };
}
const delivered = async (): Promise<Pushed> => ({ kind: "delivered", detail: "read back" });
const order = { appId: "app", endsOn: later(5) };

describe("pushCurrent()", () => {
  it("notes what its consumer was seen to have, and forgets what was left to do", async () => {
    const { world, ports } = surroundings(fresh(), delivered);
    expect(await pushCurrent(ports, order)).toMatchObject({ state: "done", delivery: "verified", version: "v1" });
    expect(world.notes).toStrictEqual([
      { deliveredOn: on(NOW), pushOn: undefined, pushFailed: undefined, readUntil: undefined },
    ]);
  });

  it("hands on the value with all that its consumer may go by", async () => {
    const { world, ports } = surroundings(fresh(), delivered);
    const notebook: Notebook = {};
    const done = await pushCurrent(ports, { ...order, notebook });
    const { version, createdOn: storedOn } = fresh();
    const value = "value of v1";
    expect(world.whole).toEqual([{ ...order, value, version, storedOn, again: false, urgent: false, notebook }]);
    const noted = { ...fresh(), deliveredOn: on(NOW), pushOn: undefined, pushFailed: undefined, readUntil: undefined };
    expect(done).toEqual({
      state: "done",
      detail: "pushed keyId=old: read back",
      delivery: "verified",
      keyId: "old",
      version: "v1",
      wrote: { current: noted },
    });
  });

  it("leaves nothing to a message where it has delivered", async () => {
    const notebook: Notebook = {};
    const { ports } = surroundings(fresh(), async () => {
      notebook.left = { of: "v1", from: "p1", failed: [], lookOn: later(5) };
      return delivered();
    });
    await pushCurrent(ports, { ...order, notebook });
    expect(notebook.left).toBeUndefined();
  });

  it("takes what was just read for what is current, and reads nothing twice", async () => {
    const { world, ports } = surroundings(undefined, delivered);
    world.current = fresh();
    let reads = 0;
    ports.current.latest = async () => {
      reads += 1;
      return world.current;
    };
    await pushCurrent(ports, { ...order, seen: fresh() });
    expect(reads).toBe(1);
  });

  it("calls assumed what nobody can see", async () => {
    const assumed = async (): Promise<Pushed> => ({
      kind: "delivered",
      detail: "readers had time",
      readUntil: later(9),
    });
    expect(await pushCurrent(surroundings(fresh(), assumed).ports, order)).toMatchObject({ delivery: "assumed" });
  });

  it("notes a confirmation as such, and a first delivery never as one", async () => {
    const { world, ports } = surroundings(held() as Version, delivered);
    expect(await pushCurrent(ports, { ...order, confirms: "v1" })).toMatchObject({
      detail: "confirmed keyId=old: read back",
    });
    expect(world.notes[0]).toMatchObject({ confirmedOn: on(NOW) });
    expect(world.whole).toMatchObject([{ again: true }]);
    expect(world.notes[0]).not.toHaveProperty("deliveredOn");
    const first = surroundings(fresh(), delivered);
    await pushCurrent(first.ports, { ...order, confirms: "v1" });
    expect(first.world.notes[0]).toMatchObject({ deliveredOn: on(NOW) });
    const other = surroundings(held() as Version, delivered);
    await pushCurrent(other.ports, { ...order, confirms: "v0" });
    expect([other.world.notes, other.world.whole]).toMatchObject([[{ deliveredOn: on(NOW) }], [{ again: false }]]);
  });

  it("pushes what became current meanwhile, and notes nothing with what it replaced", async () => {
    const { world, ports } = surroundings(fresh(), async (handed) => {
      if (handed.version === "v1") world.current = fresh({ version: "v2", keyId: "newer" });
      return delivered();
    });
    expect(await pushCurrent(ports, order)).toMatchObject({ keyId: "newer", version: "v2" });
    expect(world.handed).toEqual(["v1", "v2"]);
    expect(world.notes).toHaveLength(1);
  });

  it("gives up where something stores a version during each push, with the command that shows what", async () => {
    let versions = 1;
    const { world, ports } = surroundings(fresh(), async () => {
      versions += 1;
      world.current = fresh({ version: `v${versions}` });
      return delivered();
    });
    await expect(pushCurrent(ports, order)).rejects.toMatchObject({
      code: "current-secret-unstable",
      message: 'Cannot push "openmetadata-ingestion-client-secret": something stored a new version during each push',
      hint: "Find out what else writes the secret:\naz keyvault secret list-versions --vault-name prod-kv --name openmetadata-ingestion-client-secret",
    });
    expect(world.handed).toHaveLength(3);
    expect(world.notes).toEqual([]);
  });

  it.each([
    ["there is none", undefined],
    ["somebody disabled it", fresh({ enabled: false })],
    ["somebody else stored it", fresh({ keyId: undefined })],
  ])("hands on nothing where %s", async (_, current) => {
    const { world, ports } = surroundings(current, delivered);
    expect(await pushCurrent(ports, order)).toEqual({
      state: "waiting",
      code: "current-secret-missing",
      detail: '"openmetadata-ingestion-client-secret" has no enabled secret from this app; the next run replaces it',
    });
    expect(world.handed).toEqual([]);
  });

  it("pushes none that was disabled, or replaced by hand, during the push", async () => {
    for (const change of [{ enabled: false }, { keyId: undefined }]) {
      const { world, ports } = surroundings(fresh(), async () => {
        world.current = fresh({ version: "v2", ...change });
        return delivered();
      });
      expect(await pushCurrent(ports, order)).toMatchObject({ code: "current-secret-missing" });
      expect([world.handed, world.notes]).toEqual([["v1"], []]);
    }
    const gone = surroundings(fresh(), async () => {
      gone.world.current = undefined;
      return delivered();
    });
    expect(await pushCurrent(gone.ports, order)).toMatchObject({ code: "current-secret-missing" });
  });

  it.each([{}, { until: later(60) }, { lookOn: later(2) }, { until: later(60), lookOn: later(2) }])(
    "tells what it waits for, and when that comes where that is known: %j",
    async (times) => {
      const waits: Pushed = { kind: "waiting", code: "readers-pending", because: "readers need time", ...times };
      const { world, ports } = surroundings(fresh(), async () => waits);
      const detail = "readers need time";
      expect(await pushCurrent(ports, order)).toEqual({ state: "waiting", code: "readers-pending", detail, ...times });
      expect(world.notes).toEqual([]);
    },
  );

  it("notes with the time of the readers what a message goes on with", async () => {
    const notebook: Notebook = {};
    const { world, ports } = surroundings(fresh({ readUntil: later(30) }), async () => {
      notebook.left = { of: "v1", from: "p1", failed: [], lookOn: later(5) };
      return { kind: "waiting", code: "readers-pending", because: "readers", readUntil: later(60) };
    });
    await pushCurrent(ports, { ...order, notebook });
    const pushOn = later(5 + DELIVERY_LEFT / MINUTE);
    expect(world.notes).toEqual([{ pushOn, pushFailed: false, readUntil: later(60) }]);
    expect(notebook.left?.noted).toBe(pushOn.toISOString());
  });

  it("notes until when readers have time, once", async () => {
    const waits = async (): Promise<Pushed> => ({
      kind: "waiting",
      code: "readers-pending",
      because: "readers",
      readUntil: later(60),
    });
    const { world, ports } = surroundings(fresh(), waits);
    expect(await pushCurrent(ports, order)).toMatchObject({ state: "waiting", code: "readers-pending" });
    expect(world.notes).toMatchObject([{ readUntil: later(60) }]);
    const known = surroundings(fresh({ readUntil: later(60) }), waits);
    await pushCurrent(known.ports, order);
    expect(known.world.notes).toEqual([]);
  });

  it("leaves a delivery that failed in the middle to the message that goes on with it", async () => {
    const notebook: Notebook = {};
    const facts = { service: "OpenMetadata", status: 200, code: "pipelines-not-deployed" } as const;
    const failure = new UpstreamError("1 of 2 pipelines were not deployed", facts);
    const { world, ports } = surroundings(fresh(), async () => {
      notebook.left = { of: "v1", from: "p1", upTo: "p2", failed: [{ id: "p2", times: 1 }], lookOn: later(5) };
      throw failure;
    });
    await expect(pushCurrent(ports, { ...order, notebook })).rejects.toBe(failure);
    expect(world.notes).toMatchObject([{ pushOn: later(5 + DELIVERY_LEFT / MINUTE), pushFailed: true }]);
  });

  it("leaves a failure that nobody goes on with to the next run", async () => {
    const { world, ports } = surroundings(fresh(), () => Promise.reject(new Error("refused")));
    await expect(pushCurrent(ports, { ...order, notebook: {} })).rejects.toThrow("refused");
    expect(world.notes).toEqual([]);
  });
});

describe("deliverCurrent(), as an event asks for it", () => {
  it("pushes what is current and not delivered", async () => {
    const { world, ports } = surroundings(fresh(), delivered);
    expect(await deliverCurrent(ports, later(1))).toMatchObject({ state: "done" });
    expect(world.handed).toEqual(["v1"]);
  });

  const NAMED = '"openmetadata-ingestion-client-secret"';
  it.each<[what: string, current: Version | undefined, line: string]>([
    ["is delivered already", fresh({ deliveredOn: on("2026-01-31") }), `${NAMED} is already delivered`],
    ["is being pushed by the queue", fresh({ pushOn: later(1) }), `the queue is pushing ${NAMED}`],
    ["was disabled", fresh({ enabled: false }), `${NAMED} has no secret to push`],
    ["somebody else stored", fresh({ keyId: undefined }), `${NAMED} has no secret to push`],
    ["is not there", undefined, `${NAMED} has no secret to push`],
  ])("leaves alone what %s, and says so", async (_, current, line) => {
    const { world, ports } = surroundings(current, delivered);
    expect(await deliverCurrent(ports, later(1))).toBeUndefined();
    expect(world.handed).toEqual([]);
    expect(world.log).toMatchObject([{ event: "ignored", message: expect.stringContaining(line) }]);
  });

  it("takes over what the queue should have pushed by now", async () => {
    const { world, ports } = surroundings(fresh({ pushOn: on(NOW) }), delivered);
    await deliverCurrent(ports, later(1));
    expect(world.handed).toEqual(["v1"]);
  });

  it("reads the vault once before the push, and once after it", async () => {
    const { world, ports } = surroundings(fresh(), delivered);
    let reads = 0;
    const latest = async () => {
      reads += 1;
      return world.current;
    };
    await deliverCurrent({ ...ports, current: { ...ports.current, latest } }, later(1));
    expect(reads).toBe(2);
  });

  it("forgets whose secret it is where the push fails: the registration may have been made anew", async () => {
    const { world, ports } = surroundings(fresh(), async () => {
      throw new Error("Entra does not accept the secret");
    });
    await expect(deliverCurrent(ports, later(1))).rejects.toThrow("Entra does not accept the secret");
    expect(world.clientId).toBeUndefined();
  });

  it("waits where Entra does not show the registration yet", async () => {
    const { world, ports } = surroundings(fresh(), delivered);
    world.clientId = undefined;
    expect(await deliverCurrent(ports, later(1))).toEqual({
      state: "waiting",
      code: "replication-pending",
      detail: 'Entra does not show the registration of "openmetadata-ingestion-client-secret" yet',
    });
    expect(world.handed).toEqual([]);
  });

  it("goes on with what an earlier message has left, within its time", async () => {
    const { world, ports } = surroundings(fresh(), delivered);
    const notebook: Notebook = { told: { of: "v1", from: "p1", failed: [] } };
    await deliverCurrent(ports, later(1), notebook);
    expect(world.whole).toMatchObject([{ appId: "app", endsOn: later(1), notebook, urgent: false, again: false }]);
    expect(world.log.map(({ message }) => message)).toEqual([
      `push of ${NAMED}: starting push old (not delivered)`,
      `push of ${NAMED}: pushed keyId=old: read back`,
    ]);
  });
});

describe("takeBackDelivery()", () => {
  it("has a delivered secret pushed again, and touches no other", async () => {
    const { world, ports } = surroundings(held() as Version, delivered);
    await takeBackDelivery(ports.current, ports);
    expect(world.log).toEqual([
      {
        event: "note",
        message: 'the service principal is new, so the next run pushes "openmetadata-ingestion-client-secret" again',
      },
    ]);
    expect(world.notes).toStrictEqual([
      {
        deliveredOn: undefined,
        confirmedOn: undefined,
        pushOn: undefined,
        pushFailed: undefined,
        readUntil: undefined,
      },
    ]);
    for (const current of [undefined, fresh(), held({ keyId: undefined }) as Version]) {
      const other = surroundings(current, delivered);
      await takeBackDelivery(other.ports.current, other.ports);
      expect([other.world.notes, other.world.log]).toEqual([[], []]);
    }
  });
});
