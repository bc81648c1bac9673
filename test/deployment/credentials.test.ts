import { describe, expect, it } from "vitest";
import {
  CREDENTIALS,
  credentialsOf,
  isWrittenByApp,
  secretName,
  stagedName,
} from "../../shared/deployment/credentials.ts";

describe("credentialsOf()", () => {
  it.each([
    ["implicit", "auto", ["ingestion-client-secret", "bot-token"]],
    ["implicit", "sso", ["ingestion-client-secret"]],
    ["auth-code", "jwt", ["ingestion-client-secret", "server-client-secret", "bot-token"]],
    ["auth-code", "sso", ["ingestion-client-secret", "server-client-secret"]],
  ] as const)("with flow %s and bot credential %s are %j", (signInFlow, botCredential, kinds) => {
    expect(credentialsOf({ signInFlow, botCredential })).toEqual(kinds);
  });
});

describe("isWrittenByApp()", () => {
  const deployments = [{ name: "blue" }, { name: "green" }];

  it("knows every secret that the app may write for any deployment, staged twins too, in any case", () => {
    for (const kind of CREDENTIALS) {
      const name = secretName({ name: "green" }, kind);
      expect(isWrittenByApp(deployments, name)).toBe(true);
      expect(isWrittenByApp(deployments, stagedName(name))).toBe(true);
      expect(isWrittenByApp(deployments, name.toUpperCase())).toBe(true);
    }
  });

  it("knows no other", () => {
    expect(isWrittenByApp(deployments, "red-bot-token")).toBe(false);
    expect(isWrittenByApp(deployments, "green-admin-token")).toBe(false);
    expect(isWrittenByApp(deployments, "")).toBe(false);
  });
});
