import { isAtLeast } from "../deployment/release.ts";
import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { readFromVault } from "./vault-commands.ts";

/** What Collate, which runs OpenMetadata for its customers, is told; and how a secret gets there. Pure. */
export function collateSheet(configuration: Configuration): string {
  const { flow, serverClientId, tenantId, authority, callbackUrl } = configuration;
  const facts = [
    `Client ID: ${serverClientId}`,
    `Tenant ID: ${tenantId}`,
    `Authority: ${authority}`,
    `Redirect URI: ${callbackUrl}`,
    `Client type: ${flow === "implicit" ? "public (SPA)" : "confidential (Web)"}`,
  ];
  const introduction = comment([...fileHeader(configuration), "Send the five lines below to Collate."]);
  return [...introduction, "", ...facts, "", ...comment(notToSend(configuration)), ""].join("\n");
}

function notToSend({ flow, release, secrets }: Configuration): string[] {
  if (flow === "implicit") return ["The implicit flow has no client secret. Do not send any other secret either."];
  const told = [
    "Do not send the rest; it is for you. The Web flow also needs the client secret, which the published list omits.",
  ];
  if (isAtLeast(release, [1, 10, 0])) {
    told.push(
      "Best: do not send it at all. One of your administrators copies it from the vault and enters it under Settings > SSO. Otherwise:",
    );
  }
  told.push(
    "Agree with Collate on a way that shows it once to one person, for example a one-time link of a secret-sharing service whose passphrase you give by phone. Do not use email, chat or tickets. Copy it from the vault without displaying it, on Windows with clip, on macOS with pbcopy:",
    `  ${readFromVault(secrets.server)} | clip`,
    "The secret expires. Hand over each new one in the same way before the old one expires.",
  );
  return told;
}
