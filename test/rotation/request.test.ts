import { describe, expect, it } from "vitest";
import { askOf, pickRotations, rotationRequest } from "../../shared/rotation/request.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";
import { on } from "./client-secret/planned.ts";

const now = on("2026-01-05");

describe("pickRotations()", () => {
  const rotations = (["ingestion-client-secret", "bot-token"] as const).map(
    (credential) => ({ credential }) as Rotation,
  );

  it("picks all where none is named, and otherwise that one", () => {
    expect(pickRotations(rotations, undefined)).toEqual(rotations);
    expect(pickRotations(rotations, "bot-token")).toEqual([rotations[1]]);
  });

  it("refuses one that the settings leave out, and names those that there are", () => {
    expect(() => pickRotations(rotations, "server-client-secret")).toThrowError(
      expect.objectContaining({
        code: "credential-unknown",
        message: 'Cannot rotate "server-client-secret": by its settings the deployment has no such credential',
        hint: 'Send "credential" with one of "ingestion-client-secret", "bot-token", or leave it out to rotate all',
      }),
    );
  });
});

describe("a reason", () => {
  it("is read without the blanks around it: a repeat that was typed anew is a repeat", () => {
    expect(rotationRequest.parse({ because: " compromised\n" }).because).toBe("compromised");
  });
});

describe("askOf()", () => {
  it("asks for nothing beyond the schedule where no reason is given", () => {
    expect(askOf({ revokeOld: false }, now)).toBeUndefined();
  });

  it("means whatever was issued until now, or until the time that is named", () => {
    expect(askOf({ because: "leaver", revokeOld: false }, now)).toEqual({
      because: "leaver",
      issuedBefore: now,
      revokeOld: false,
      open: true,
    });
    expect(askOf({ because: "leak", revokeOld: true, issuedBefore: "2026-01-04T01:00:00+01:00" }, now)).toEqual({
      because: "leak",
      issuedBefore: on("2026-01-04"),
      revokeOld: true,
      open: false,
    });
    expect(askOf({ because: "leaver", revokeOld: false, issuedBefore: now.toISOString() }, now)?.issuedBefore).toEqual(
      now,
    );
  });

  const unreasoned = {
    message: "Cannot replace the credential: no reason is given",
    hint: 'Send "because" together with "revokeOld" or "issuedBefore", for example:\n{"because":"compromised","revokeOld":true}',
  };
  const ahead = {
    message: 'Cannot replace the credential: "issuedBefore" is in the future',
    hint: "Send a time in the past, or the one from an earlier answer",
  };
  it.each([
    [{ revokeOld: true }, unreasoned],
    [{ revokeOld: false, issuedBefore: "2026-01-01T00:00:00Z" }, unreasoned],
    [{ because: "leaver", revokeOld: false, issuedBefore: "2026-01-05T00:00:00.001Z" }, ahead],
  ])("refuses %j", (body, words) => {
    expect(() => askOf(body, now)).toThrowError(expect.objectContaining({ code: "body-invalid", ...words }));
  });
});

describe("rotationRequest", () => {
  it("asks for nothing by default", () => {
    expect(rotationRequest.parse({})).toEqual({ revokeOld: false, dryRun: false });
  });

  it.each([
    { because: "x" },
    { because: "x".repeat(200), issuedBefore: "2026-01-04T01:00:00+01:00", revokeOld: true },
    { credential: "bot-token", deployment: "blue", dryRun: true },
  ])("takes %j", (body) => {
    expect(rotationRequest.parse(body)).toMatchObject(body);
  });

  it.each([
    { because: "" },
    { because: " \n" },
    { because: "x".repeat(201) },
    { issuedBefore: "yesterday" },
    { credential: "bot-token-next" },
    { because: "x", force: true },
  ])("refuses %j", (body) => {
    expect(rotationRequest.safeParse(body).success).toBe(false);
  });
});
