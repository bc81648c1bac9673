import { describe, expect, it } from "vitest";
import { openApp } from "./app.ts";

describe("requests to Graph, in one process", () => {
  const app = openApp();
  const counted = async (...paths: string[]): Promise<string[]> => {
    app().mark();
    for (const path of paths) await app().post(path);
    return app().requests("graph");
  };

  it("are seven for provisioning in an empty tenant, and five for consent right after it, one of them for the app's own role", async () => {
    expect(await counted("provision")).toHaveLength(7);
    expect(await counted("consent")).toHaveLength(5);
  });

  it("are four for the first rotation, what exists and what is allowed read once: sixteen in all", async () => {
    const requests = (await counted("rotate")).map((one) => one.replaceAll(/[\da-f-]{36}/g, "…"));
    expect(requests.toSorted()).toEqual([
      "GET /v1.0/applications(uniqueName='openmetadata-ingestion')",
      "GET /v1.0/applications/…/appManagementPolicies",
      "GET /v1.0/policies/defaultAppManagementPolicy",
      "POST /v1.0/applications/…/addPassword",
    ]);
  });

  it("are eight at most for a repeat of provisioning and consent, none of which writes", async () => {
    expect((await counted("provision", "consent")).length).toBeLessThanOrEqual(8);
    expect(app().writes("graph")).toEqual([]);
  });

  it("are those of a look of its own for a dry run of consent", async () => {
    app().mark();
    await app().call("POST", "consent", { dryRun: true });
    expect(app().requests("graph")).toEqual(
      expect.arrayContaining([
        "GET /v1.0/applications(uniqueName='openmetadata-server')",
        "GET /v1.0/applications(uniqueName='openmetadata-ingestion')",
      ]),
    );
    expect(app().writes("graph")).toEqual([]);
  });
});
