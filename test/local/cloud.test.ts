import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { type CloudOptions, startCloud } from "../../local/cloud/cloud.ts";

const certificate = await createCertificate();
trustCertificate(certificate);

/** What a server in a cloud with these options tells to anybody, and what the app is told of it. */
const told = async (options: Partial<CloudOptions>) => {
  const clock = movableClock(new Date("2026-03-01T00:00:00Z"));
  const cloud = await startCloud({ clock, certificate, ...options });
  try {
    const get = async (path: string) =>
      (await fetch(`${cloud.urls.openMetadata}/api/v1/system/${path}`)).json() as never;
    const { version } = (await get("version")) as { version: string };
    const { clientType } = (await get("config/auth")) as { clientType?: string };
    return { version, clientType, flow: cloud.settings.SIGN_IN_FLOW, secret: cloud.openMetadata.clientSecret() };
  } finally {
    await cloud.close();
    expect(cloud.violations()).toEqual([]);
  }
};

describe("the local cloud", () => {
  it("has an old OpenMetadata with public clients, if nothing else is asked for", async () => {
    expect(await told({})).toEqual({ version: "1.2.5", clientType: undefined, flow: undefined, secret: undefined });
  });

  it("has a new one with either flow; the confidential client has no secret until somebody gives it one", async () => {
    const release = "1.12.6" as const;
    expect(await told({ release })).toMatchObject({ version: release, clientType: "public", flow: undefined });
    expect(await told({ release, flow: "auth-code" })).toEqual({
      version: release,
      clientType: "confidential",
      flow: "auth-code",
      secret: "",
    });
  });

  it("has a certificate that lasts for as long as somebody may leave it running", () => {
    const { validFromDate, validToDate } = new X509Certificate(certificate.cert);
    const days = (ends: Date) => Math.round((ends.getTime() - performance.timeOrigin) / 86_400_000);
    expect([days(validFromDate), days(validToDate)]).toEqual([-1, 365]);
  });
});
