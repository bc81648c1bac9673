import { describe, expect, it } from "vitest";
import type { Notice } from "../../shared/notify/notice.ts";
import type { Seen } from "../../shared/notify/plan.ts";
import type { Memory } from "../../shared/notify/ports.ts";
import { tellChanges } from "../../shared/notify/tell.ts";
import { holds, lacks } from "../../shared/status/condition.ts";

const HOUR = 3_600_000;
const START = Date.parse("2031-03-03T12:00:00Z");
const WELL = [holds("Ready", "ready", "It works")];
const FORBIDDEN = [lacks("Ready", ["failing", "vault-forbidden"], "Key Vault answered 403")];
const REFUSED = [lacks("Reachable", ["failing", "openmetadata-refused"], "OpenMetadata answered 400")];
const DISABLED = [lacks("Ready", ["failing", "disabled"], "Somebody disabled it")];

/** A memory that lets the test see and break it. */
function memory() {
  const kept = new Map<string, { json: unknown; etag: string }>();
  let writes = 0;
  const own: Memory & { names(): string[]; writes(): number } = {
    recall: async (name) => kept.get(name),
    async remember(name, json, etag) {
      if (kept.get(name)?.etag !== etag) return false;
      writes += 1;
      kept.set(name, { json: JSON.parse(JSON.stringify(json)), etag: `${writes}` });
      return true;
    },
    names: () => [...kept.keys()],
    writes: () => writes,
  };
  return own;
}

function channel() {
  const sent: Notice[] = [];
  const own = memory();
  const look = async (
    deployment: string,
    conditions: Seen["conditions"],
    hours: number,
    { whole = false } = {},
  ): Promise<string[]> => {
    const since = sent.length;
    const about = whole ? { deployment } : { deployment, credential: "bot-token" as const };
    const send = async (notice: Notice) => void sent.push(notice);
    const patience = { bear: 2 * HOUR, expiring: 24 * HOUR };
    await tellChanges(about, async () => ({ now: new Date(START + hours * HOUR), conditions }), {
      memory: own,
      send,
      patience,
    });
    return sent.slice(since).map(({ id }) => id.split("/").slice(0, 4).join("/"));
  };
  return { look, memory: own };
}

describe("what is told", () => {
  it("is noted when it was sent, so that a run that dies in between tells it again by the same id", async () => {
    const own = memory();
    const ids: string[] = [];
    const tell = (dies: boolean) =>
      tellChanges(
        { deployment: "blue", credential: "bot-token" },
        async () => ({ now: new Date(START), conditions: DISABLED }),
        {
          memory: { ...own, remember: dies ? async () => Promise.reject(new Error("died")) : own.remember },
          send: async ({ id }) => void ids.push(id),
          patience: { bear: HOUR, expiring: HOUR },
        },
      );
    await expect(tell(true)).rejects.toThrow("died");
    await tell(false);
    await tell(false);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it("is remembered by the name of what it is about", async () => {
    const { look, memory: own } = channel();
    await look("blue", WELL, 0);
    const seen = async () => ({ now: new Date(START), conditions: WELL });
    await tellChanges({}, seen, { memory: own, send: async () => {}, patience: { bear: 1, expiring: 1 } });
    expect(own.names()).toEqual(["blue/bot-token.json", "_app.json"]);
  });

  it("is written only when it has changed", async () => {
    const { look, memory: own } = channel();
    for (const hours of [0, 1, 2, 3]) await look("blue", WELL, hours);
    expect(own.writes()).toBe(1);
  });

  it("is told once for all that share its cause, by whoever meets it first, and so is its end", async () => {
    const { look } = channel();
    for (const name of ["blue", "red"]) await look(name, WELL, 0);
    expect(await look("blue", FORBIDDEN, 1)).toEqual(["blue/bot-token/stalled/vault-forbidden"]);
    for (const hours of [1, 2, 3, 4, 5]) {
      expect(await look("red", FORBIDDEN, hours)).toEqual([]);
      expect(await look("blue", FORBIDDEN, hours)).toEqual([]);
    }
    expect(await look("red", WELL, 6)).toEqual([]);
    expect((await look("blue", WELL, 6))[0]).toMatch(/^blue\/bot-token\/recovered\//);
  });

  it("is told by another one when the first looks no longer, or is well while that is not", async () => {
    const { look } = channel();
    await look("gone", FORBIDDEN, 0);
    expect(await look("red", FORBIDDEN, 1)).toEqual([]);
    expect(await look("red", FORBIDDEN, 2)).toEqual(["red/bot-token/stalled/vault-forbidden"]);
  });

  it("is told once for a deployment and its credentials where it is their server's, and for each deployment", async () => {
    const { look } = channel();
    expect(await look("blue", REFUSED, 0, { whole: true })).toEqual([
      "blue/stalled/openmetadata-refused/2031-03-03T12:00:00.000Z",
    ]);
    expect(await look("blue", REFUSED, 0)).toEqual([]);
    expect(await look("red", REFUSED, 0)).toEqual(["red/bot-token/stalled/openmetadata-refused"]);
    expect(await look("red", REFUSED, 0, { whole: true })).toEqual([]);
    expect(await look("blue", WELL, 1)).toEqual([]);
    expect((await look("blue", WELL, 1, { whole: true }))[0]).toMatch(/^blue\/recovered\//);
  });

  it("is told of each what concerns it alone", async () => {
    const { look } = channel();
    expect(await look("blue", DISABLED, 0)).toEqual(["blue/bot-token/stalled/disabled"]);
    expect(await look("red", DISABLED, 0)).toEqual(["red/bot-token/stalled/disabled"]);
  });
});
