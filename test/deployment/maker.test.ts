import { describe, expect, it } from "vitest";
import { isOurs, notOursHint, plantedBy, refusePlanted } from "../../shared/deployment/maker.ts";
import { registrationNames, uniqueNames } from "../../shared/deployment/registration-names.ts";
import { refusalOf } from "../refusal.ts";

const named = { uniqueName: "openmetadata-server" };
const what = 'registration "openmetadata-server"';

describe("a registration", () => {
  it.each([
    ["made by this app", "own", "own", true],
    ["made by this app, however its id is written", "OWN", "own", true],
    ["made by another one", "other", "own", false],
    ["made by a person", null, "own", false],
    ["of which Entra says nothing", undefined, "own", false],
    ["made by whoever, while this app does not know itself", undefined, undefined, false],
    ["made by somebody, while this app does not know itself", "other", undefined, false],
  ])("%s is ours: that it was made by %s and we are %s", (_, createdByAppId, own, expected) => {
    expect(isOurs(named, { createdByAppId }, own)).toBe(expected);
    expect(isOurs({ appId: "client" }, { createdByAppId }, own)).toBe(true);
  });

  it("that is not ours is refused, with who made it and what to check", () => {
    const made = { what, clientId: "client", createdByAppId: "other" };
    expect(() => refusePlanted({ appId: "client" }, made, "own")).not.toThrow();
    expect(refusalOf(() => refusePlanted(named, made, "own"))).toMatchObject({
      code: "registration-not-ours",
      message: `Cannot use ${what} (client ID client): it was created by application other, not by this app's identity own`,
      hint: notOursHint({ clientId: "client" }),
    });
    expect(notOursHint({ clientId: "client" })).toMatch(
      /^Check who created it.* to client; otherwise delete it permanently.*\naz ad app show --id client\naz ad app owner list --id client$/,
    );
  });

  it("that a person made is told as such, also where this app does not know itself", () => {
    expect(plantedBy({ what, clientId: "client", createdByAppId: null }, undefined)).toBe(
      `${what} (client ID client): it was created by a person or an unknown application, not by this app's identity`,
    );
  });

  it("is found by the name that this app gives it, or by the client id that the settings name", () => {
    const deployment = { name: "sales", serverClientId: undefined, ingestionClientId: undefined };
    expect(uniqueNames(deployment)).toEqual({ server: "sales-server", ingestion: "sales-ingestion" });
    expect(registrationNames(deployment)).toEqual({
      server: { uniqueName: "sales-server" },
      ingestion: { uniqueName: "sales-ingestion" },
    });
    expect(registrationNames({ ...deployment, serverClientId: "a", ingestionClientId: "b" })).toEqual({
      server: { appId: "a" },
      ingestion: { appId: "b" },
    });
  });
});
