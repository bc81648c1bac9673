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
    "For yourself, do not send: the Web flow needs the client secret too, which the published list leaves out.",
  ];
  if (isAtLeast(release, [1, 10, 0])) {
    told.push(
      "Best it is handed to nobody: an administrator of yours copies it from the vault and enters it under Settings > SSO. Otherwise:",
    );
  }
  told.push(
    "Agree with Collate on a way that shows it once to one person, such as a link of a secret-sharing service that expires when opened, and tell the way to open it by telephone. No e-mail, chat or ticket. It lies in the vault; copy it without showing it, on Windows with clip, on macOS with pbcopy:",
    `  ${readFromVault(secrets.server)} | clip`,
    "It expires. Each renewal takes the same way, before the old one ends.",
  );
  return told;
}
