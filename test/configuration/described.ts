import { type Configuration, desiredConfiguration } from "../../shared/configuration/desired.ts";
import type { Facts } from "../../shared/configuration/facts.ts";
import { parseRelease } from "../../shared/deployment/release.ts";

export const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
export const SERVER = "11111111-2222-4333-8444-555555555555";
export const INGESTION = "66666666-2222-4333-8444-555555555555";
export const OWN = "77777777-2222-4333-8444-555555555555";
export const AUTHORITY = `https://login.microsoftonline.com/${TENANT}`;
export const VAULT = "https://example.vault.azure.net";

/** Releases whose names differ somewhere, each with the flows that it knows. */
export const KNOWN = [
  { version: "0.13.3", flows: ["implicit"] },
  { version: "1.0.0", flows: ["implicit"] },
  { version: "1.2.5", flows: ["implicit"] },
  { version: "1.3.2", flows: ["implicit", "auth-code"] },
  { version: "1.5.13", flows: ["implicit", "auth-code"] },
  { version: "1.10.14", flows: ["implicit", "auth-code"] },
  { version: "1.12.3", flows: ["implicit", "auth-code"] },
  { version: "2.0.0", flows: ["implicit", "auth-code"] },
] as const;

export const CASES = KNOWN.flatMap(({ version, flows }) => flows.map((flow) => [version, flow] as const));

export type Change = Partial<Omit<Facts, "deployment">> & { deployment?: Partial<Facts["deployment"]> };

/** What is observed of a deployment in which nothing is odd. */
export function facts(version: string, flow: "implicit" | "auth-code", change: Change = {}): Facts {
  const release = parseRelease(version);
  if (!release) throw new Error(`No release: ${version}`);
  return {
    tenantId: TENANT,
    authority: AUTHORITY,
    keyVaultUrl: VAULT,
    readWithinHours: 24,
    release,
    releaseFrom: "server",
    live: {
      jwtPrincipalClaims: ["preferred_username", "email", "sub"],
      principalDomain: "example.com",
      enforcePrincipalDomain: false,
    },
    server: { appId: SERVER, redirectUris: ["https://om.example.com/callback"] },
    ingestion: { appId: INGESTION },
    ownObjectId: OWN,
    ...change,
    deployment: {
      name: "openmetadata",
      openMetadataUrl: "https://om.example.com",
      signInFlow: flow,
      principalDomain: "example.com",
      initialAdmins: ["Jane.Doe@example.com", "john"],
      botName: "ingestion-bot",
      botCredential: "auto",
      ...change.deployment,
    },
  };
}

/** How that deployment ought to be configured. */
export function described(version: string, flow: "implicit" | "auth-code", change: Change = {}): Configuration {
  return desiredConfiguration(facts(version, flow, change));
}

/** The comments of a text as running prose, whichever way it was wrapped. */
export function comments(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim().startsWith("#"));
  return lines.map((line) => line.replace(/^\s*#\s*/, "")).join(" ");
}
