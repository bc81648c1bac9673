import { describe, expect, it } from "vitest";
import { secretValueOf } from "../../../proof/model/credential.ts";
import { type RunNode, runTree } from "../../../proof/model/run-tree.ts";
import { UpstreamError } from "../../../shared/errors.ts";
import type { Ports } from "../../../shared/rotation/client-secret/ports.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";

const BEGAN = Date.parse("2026-01-01");
const version = { version: "staged/k1#0" } as Version;
const kept = { keyId: "k1", nonce: "", issuedOn: new Date(BEGAN), expiresOn: new Date(BEGAN) };

/** Where a run stands that was told this, and then that; it waits for more. */
async function standsAfter(rotate: (ports: Ports) => Promise<unknown>) {
  const tree = runTree({ rotate, deliverCurrent: rotate, UpstreamError }, { exact: false });
  const begun = await tree.begin({ kind: "timer", beganOn: BEGAN, ask: undefined });
  return (...told: string[]) =>
    told.reduce<Promise<RunNode>>(async (before, key, index) => {
      const node = await before;
      return tree.proceed(node, [{ index, answer: { key, value: () => ({ told: key }) } }], BEGAN);
    }, Promise.resolve(begun));
}

describe("two runs that have asked for the same", () => {
  it.each<[string, (ports: Ports) => Promise<unknown>]>([
    ["Entra's list", ({ credentials }) => credentials.list()],
    ["a version that was read", ({ current }) => current.latest()],
    ["a version that was stored", ({ current }) => current.store(secretValueOf("k1"), kept)],
    ["a version as it was noted", ({ staged }) => staged.note(version, {})],
  ])("are not the same where they were told otherwise: they may still go by %s", async (_, ask) => {
    const stands = await standsAfter(async (ports) => {
      const told = await ask(ports);
      await ports.credentials.retire("", "k1");
      await ports.credentials.retire("", JSON.stringify(told));
    });
    const [one, other] = [await stands("a", "done"), await stands("b", "done")];
    expect(one.waitsFor).not.toEqual(other.waitsFor);
  });

  it("are the same once they read everything anew", async () => {
    const stands = await standsAfter(async ({ credentials, current, staged }) => {
      const look = () => Promise.all([credentials.list(), current.latest(), staged.latest()]);
      await credentials.list();
      await look();
    });
    expect((await stands("a")).id).toBe((await stands("b")).id);
  });
});
