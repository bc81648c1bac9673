import { describe, expect, it } from "vitest";
import { botUserShape, differences } from "../../shared/delivery/bot-user.ts";
import type { BotMechanism } from "../../shared/delivery/ports.ts";

describe("botUserShape()", () => {
  it("is a reference up to 0.13, a name since", () => {
    expect(["0.12.1", "0.13.3", "1.0.0", "1.2.5"].map(botUserShape)).toEqual([
      "reference",
      "reference",
      "name",
      "name",
    ]);
  });
});

describe("differences()", () => {
  const wanted = {
    clientId: "app",
    clientSecret: "value",
    authority: "https://login/tenant",
    scopes: ["api://x/.default"],
  };
  const held: BotMechanism = { authType: "SSO", ssoServiceType: "azure", azure: wanted };

  it("finds none when the server holds what it was sent, a masked secret included", () => {
    expect(differences(held, wanted)).toEqual([]);
    expect(differences({ ...held, azure: { ...wanted, clientSecret: "*********" } }, wanted)).toEqual([]);
  });

  it("sees a server that silently kept another mechanism", () => {
    expect(differences({ authType: "JWT", ssoServiceType: undefined, azure: undefined }, wanted)).toEqual(["authType"]);
    expect(differences({ ...held, ssoServiceType: "google" }, wanted)).toEqual(["ssoServiceType"]);
  });

  it.each([
    ["clientId", { clientId: "other" }],
    ["authority", { authority: "https://login/other" }],
    ["scopes", { scopes: [] }],
    ["scopes", { scopes: ["api://x", "/.default"] }],
    ["clientSecret", { clientSecret: "a*" }],
    ["clientSecret", { clientSecret: "*a" }],
    ["clientSecret", { clientSecret: "old" }],
  ])("names a different %s", (field, change) => {
    expect(differences({ ...held, azure: { ...wanted, ...change } }, wanted)).toEqual([field]);
  });
});
