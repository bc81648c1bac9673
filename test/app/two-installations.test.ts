import { describe, expect, it } from "vitest";
import { signsIn } from "../../proof/strikes/sign-in.ts";
import { registration } from "./administrator.ts";
import { DAY, openApp } from "./app.ts";
import { runTimer } from "./trouble.ts";

/** Replaced every five days, the old one kept for a day. */
const POLICY = {
  ROTATION_SCHEDULE: "0 0 11 * * *",
  SECRET_LIFETIME_DAYS: "10",
  SECRET_RENEW_BEFORE_DAYS: "5",
  SECRET_OVERLAP_DAYS: "1",
};
const app = openApp();

/** Days between two looks of each: a restart takes its time. */
const STEP = 2;

const secretOf = (name: string) => app().latest(`${name}-ingestion-client-secret`);

describe("two installations over one registration", () => {
  it("remove nothing of each other in thirty days, and each tells of the other", async () => {
    await app().post("provision");
    await app().post("consent");
    const ids = {
      SERVER_CLIENT_ID: registration(app(), "openmetadata-server").appId,
      INGESTION_CLIENT_ID: registration(app(), "openmetadata-ingestion").appId,
    };
    const run = async (name: string): Promise<void> => {
      await app().restart({ DEPLOYMENT_NAME: name, ...POLICY, ...ids });
      await app().post("rotate");
      await runTimer(app());
    };
    const held: string[] = [];
    for (let day = 0; day < 30; day += STEP) {
      for (const name of ["one", "two"]) {
        await run(name);
        for (const secret of [secretOf("one"), secretOf("two")].flatMap((found) => found?.value ?? [])) {
          expect(await signsIn(app(), secret), `day ${day}, after "${name}" has run`).toBe(true);
          held.push(secret);
        }
      }
      await app().clock.advance(STEP * DAY);
    }
    expect(new Set(held).size).toBeGreaterThan(6);

    const { body } = await app().call("GET", "status");
    const [status] = body.deployments as {
      drift: { findings: { kind: string; what: string }[] };
      credentials: { inEntra: { otherInstallations: { keyId: string }[] } }[];
    }[];
    const others = secretOf("one")?.tags.keyId ?? "";
    expect(status?.credentials[0]?.inEntra.otherInstallations.map(({ keyId }) => keyId)).toContain(others);
    expect(status?.drift.findings.find(({ kind }) => kind === "other-installation")?.what).toContain(others);
  });
});
