import { describe, expect, it } from "vitest";
import {
  CREDENTIALS,
  credentialsOf,
  isWrittenByApp,
  ownerAmong,
  secretName,
  stagedName,
} from "../../shared/deployment/credentials.ts";
import type { Deployment } from "../../shared/deployment/deployment.ts";

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
  const names = new Set(["blue", "green"]);

  it("knows every secret that the app may write for any deployment, staged twins too, in any case", () => {
    for (const kind of CREDENTIALS) {
      const name = secretName({ name: "green" }, kind);
      expect(isWrittenByApp(names, name)).toBe(true);
      expect(isWrittenByApp(names, stagedName(name))).toBe(true);
      expect(isWrittenByApp(names, name.toUpperCase())).toBe(true);
    }
  });

  it("knows no other", () => {
    expect(isWrittenByApp(names, "red-bot-token")).toBe(false);
    expect(isWrittenByApp(names, "green-admin-token")).toBe(false);
    expect(isWrittenByApp(names, "")).toBe(false);
  });
});

describe("ownerAmong()", () => {
  const deployment = (name: string, signInFlow: "implicit" | "auth-code") =>
    ({ name, signInFlow, botCredential: "auto" }) as Deployment;
  const all = [deployment("blue", "implicit"), deployment("green", "auth-code")];
  const owner = (secret: string) => {
    const found = ownerAmong(all, secret);
    return found && `${found.deployment.name} ${found.credential}`;
  };

  it("names deployment and credential of a vault secret, however its name is written", () => {
    expect(owner("blue-ingestion-client-secret")).toBe("blue ingestion-client-secret");
    expect(owner("GREEN-Server-Client-Secret")).toBe("green server-client-secret");
    expect(owner("green-bot-token")).toBe("green bot-token");
  });

  it("names none of a secret that nobody has: another's, a twin, or one that the settings do without", () => {
    expect(stagedName("blue-bot-token")).toBe("blue-bot-token-next");
    for (const secret of ["red-bot-token", "blue-bot-token-next", "blue-server-client-secret"]) {
      expect(owner(secret)).toBeUndefined();
    }
  });
});
