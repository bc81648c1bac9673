import { describe, expect, it } from "vitest";
import { vaultReaders } from "../../shared/delivery/vault-readers.ts";

const storedOn = new Date("2026-01-01T00:00:00Z");
const at = (now: string, { hours = 24, urgent = false } = {}) =>
  vaultReaders({ now: () => new Date(now), readWithinHours: hours }, "in the vault").push({ storedOn, urgent });

describe("vaultReaders()", () => {
  it("gives readers the time that is set, and says until when", async () => {
    expect(await at("2026-01-01T23:59:59.999Z")).toEqual({
      kind: "waiting",
      code: "readers-pending",
      because: "in the vault: workloads that read the vault have until 2026-01-02T00:00:00.000Z to read the new secret",
      until: new Date("2026-01-02T00:00:00Z"),
      readUntil: new Date("2026-01-02T00:00:00Z"),
    });
    expect(await at("2026-01-01T00:59:59Z", { hours: 1 })).toMatchObject({ kind: "waiting" });
  });

  it("takes them to have it afterwards, and says that nobody has looked", async () => {
    const detail = "in the vault: assumed read after the waiting time; not verified";
    const assumed = (readUntil: string) => ({ kind: "delivered", detail, readUntil: new Date(readUntil) });
    expect(await at("2026-01-02T00:00:00Z")).toEqual(assumed("2026-01-02T00:00:00Z"));
    expect(await at("2026-01-01T01:00:00Z", { hours: 1 })).toEqual(assumed("2026-01-01T01:00:00Z"));
    expect(await at("2026-01-01T00:00:00Z", { hours: 0 })).toEqual(assumed("2026-01-01T00:00:00Z"));
  });

  it("gives nobody time after a leak", async () => {
    expect(await at("2026-01-01T00:00:00Z", { urgent: true })).toMatchObject({ kind: "delivered" });
  });
});
