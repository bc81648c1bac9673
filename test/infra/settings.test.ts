import { describe, expect, it } from "vitest";
import { readSettings, SETTING_NAMES } from "../../shared/deployment/settings.ts";
import { EXAMPLES, resources, template } from "./committed.ts";

/** What the platform reads, not the app. */
const PLATFORM = /^(AzureWebJobs|APPLICATIONINSIGHTS_)/;

function settingsOf(example: (typeof EXAMPLES)[number]): Record<string, string> {
  const found = resources(example, "Microsoft.Web/sites/config").find(({ name }) => name.endsWith("/appsettings"));
  return found?.properties;
}

describe("app settings", () => {
  it.each(EXAMPLES)("of %s are those that the app reads, all of them", (example) => {
    const own = Object.keys(settingsOf(example)).filter((name) => !PLATFORM.test(name));
    expect(own.sort()).toEqual([...SETTING_NAMES].sort());
  });

  it.each(EXAMPLES)("of %s are accepted by the app, once a deployment has filled in what only it knows", (example) => {
    const filled = Object.entries(settingsOf(example)).map(([name, value]) => {
      if (!value.startsWith("[")) return [name, value];
      return [name, name.endsWith("CLIENT_ID") ? "33333333-3333-3333-3333-333333333333" : "https://example.com/"];
    });
    const settings = readSettings(Object.fromEntries(filled));
    expect(settings.source).toMatchObject({ kind: "given", deployments: [{}], faults: [] });
    expect(settings.apiAudience).toBe("11111111-1111-1111-1111-111111111111");
  });

  it("have the defaults of the app where nobody chooses", () => {
    const { rotation, readWithinHours, rotationSchedule, graphUrl, notifyExpiringDays } = readSettings({
      TENANT_ID: "11111111-1111-1111-1111-111111111111",
      KEY_VAULT_URL: "https://example.com",
      OPENMETADATA_URL: "https://example.com",
    });
    const { parameters } = template();
    expect(parameters.secretLifetimeDays.defaultValue).toBe(rotation.lifetimeDays);
    expect(parameters.secretRenewBeforeDays.defaultValue).toBe(rotation.renewBeforeDays);
    expect(parameters.secretOverlapDays.defaultValue).toBe(rotation.overlapDays);
    expect(parameters.secretStageAheadHours.defaultValue).toBe(rotation.stageAheadHours);
    expect(parameters.secretReadWithinHours.defaultValue).toBe(readWithinHours);
    expect(parameters.notifyExpiringDays.defaultValue).toBe(notifyExpiringDays);
    expect(parameters.rotationSchedule.defaultValue).toBe(rotationSchedule);
    expect(parameters.graphUrl.defaultValue).toBe(graphUrl);
  });
});
