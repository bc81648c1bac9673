import { describe, expect, it } from "vitest";
import { grounded } from "../../../shared/rotation/client-secret/grounded.ts";
import { held, issued, on } from "./planned.ts";

const version = (change: Parameters<typeof held>[0]) => ({ ...held(change), nonce: undefined });
const listed = [issued("old", "2026-01-01")];

describe("grounded()", () => {
  it("leaves alone what can be so", () => {
    const stored = version({});
    expect(grounded(stored, listed)).toEqual(stored);
    expect(grounded(stored, [])).toEqual(stored);
    expect(grounded(undefined, listed)).toBeUndefined();
  });

  it("takes nothing for issued later than Entra says, but for what clocks may differ by", () => {
    const from = (date: string, among = listed) => grounded(version({ issuedOn: on(date) }), among)?.issuedOn;
    expect(from("2033-01-01")).toEqual(on("2026-01-01T00:10:00"));
    expect(from("2026-01-01T00:09:00")).toEqual(on("2026-01-01T00:09:00"));
    expect(from("2025-12-01")).toEqual(on("2025-12-01"));
    expect(grounded(version({ issuedOn: undefined }), listed)?.issuedOn).toBeUndefined();
  });

  it("takes nothing for issued after it was stored, where Entra does not list it", () => {
    const stored = version({ createdOn: on("2026-02-01"), issuedOn: on("2033-01-01") });
    expect(grounded(stored, [])?.issuedOn).toEqual(on("2026-02-01T00:10:00"));
  });

  it("has nothing live longer than in Entra", () => {
    const until = (date: string | undefined) =>
      grounded(version({ expiresOn: date === undefined ? undefined : on(date) }), listed)?.expiresOn;
    expect(until("2037-01-01")).toEqual(listed[0]?.expiresOn);
    expect(until("2026-03-01")).toEqual(on("2026-03-01"));
    expect(until(undefined)).toBeUndefined();
  });

  it("takes nothing for delivered before it was stored", () => {
    const stored = version({ createdOn: on("2026-02-01"), deliveredOn: on("2026-01-05") });
    expect(grounded(stored, listed)?.deliveredOn).toEqual(on("2026-02-01"));
    const later = version({ deliveredOn: on("2026-01-05") });
    expect(grounded(later, listed)?.deliveredOn).toEqual(on("2026-01-05"));
  });
});
