import { describe, expect, it } from "vitest";
import { botUserShape, describedWith, differences, isOurs } from "../../shared/delivery/bot-user.ts";
import type { BotMechanism, User } from "../../shared/delivery/ports.ts";

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

describe("describedWith()", () => {
  const marked = (version: string) =>
    `Holds version ${version} of its client secret in the vault (openmetadata-entra).`;

  it("adds which version the user holds, and keeps what people wrote", () => {
    expect(describedWith(undefined, "v1")).toBe(marked("v1"));
    expect(describedWith("Ours.\nTwo lines.", "v1")).toBe(`Ours.\nTwo lines.\n\n${marked("v1")}`);
  });

  it("takes the place of what it added before, wherever that stands by now", () => {
    const first = describedWith("Ours.", "v1");
    expect(describedWith(first, "v2")).toBe(`Ours.\n\n${marked("v2")}`);
    expect(describedWith(`${first}\n\nMore.`, "v2")).toBe(`Ours.\n\nMore.\n\n${marked("v2")}`);
    expect(describedWith(describedWith(undefined, "v1"), "v1")).toBe(marked("v1"));
  });
});

describe("isOurs()", () => {
  const sso = { clientId: "app", clientSecret: "value", authority: "https://login/tenant", scopes: [] };
  const wanted = { name: "oid", email: "", botName: "bot", displayName: "", roles: [], sso, description: "mark of v2" };
  const user: User = { id: "1", name: "oid", email: "", isAdmin: false, description: "mark of v2", updatedBy: "App" };
  const mechanism = (clientSecret: string): BotMechanism => ({
    authType: "SSO",
    ssoServiceType: "azure",
    azure: { ...sso, clientSecret },
  });
  const judge = (clientSecret: string, change: Partial<User> = {}) =>
    isOurs({ mechanism: mechanism(clientSecret), user: { ...user, ...change } }, wanted, "app");

  it("goes by the secret where the server shows it", () => {
    expect(judge("value", { description: "other" })).toBe(true);
    expect(judge("other")).toBe(false);
  });

  it("goes by the mark, and by who changed it last, where the secret is masked", () => {
    expect(judge("*********")).toBe(true);
    expect(judge("*********", { description: "mark of v1" })).toBe(false);
    expect(judge("*********", { description: undefined })).toBe(false);
    expect(judge("*********", { updatedBy: "somebody" })).toBe(false);
    expect(isOurs({ mechanism: mechanism("*********"), user: undefined }, wanted, "app")).toBe(false);
  });
});
