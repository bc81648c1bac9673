import { isAtLeast } from "../deployment/release.ts";
import { authenticationSettings } from "./authentication.ts";
import { authorizerSettings } from "./authorizer.ts";
import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { oidcSettings } from "./oidc.ts";
import { precedence } from "./precedence.ts";
import { isReference, type Setting, type Value } from "./setting.ts";
import { exportAs } from "./vault-commands.ts";
import { quoted } from "./yaml-text.ts";

/** The `.env` file for the published compose files. Pure. */
export function dockerEnvironment(configuration: Configuration): string {
  const parts = [authorizerSettings, authenticationSettings, oidcSettings].map((part) =>
    part(configuration).flatMap(line),
  );
  const blocks = [comment(introduction(configuration)), ...parts].filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function introduction(configuration: Configuration): string[] {
  const { flow, release, secrets } = configuration;
  const told = [
    ...fileHeader(configuration),
    "Start: docker compose --env-file <this file> up --detach",
    "A variable reaches the server only if the compose file lists it under `environment`. Do not put a space after = or a comment after a value (the published examples do both).",
    ...precedence(configuration),
  ];
  if (flow === "implicit") return told;
  if (!isAtLeast(release, [1, 5, 0])) {
    told.push(
      "The published compose files of 1.3 and 1.4 list neither AUTHENTICATION_CLIENT_TYPE nor any OIDC_ variable: add them under `environment` of openmetadata-server.",
    );
  }
  told.push(
    "The client secret stays in the vault. Before starting, and after each renewal, in the same shell:",
    exportAs(secrets.server.variable, secrets.server),
  );
  return told;
}

function line({ env, value, why = [] }: Setting): string[] {
  return env === undefined ? [] : [...comment(why), `${env}=${text(value)}`];
}

/** The server pastes each value into its yaml file, so a list is written as yaml's flow sequence. */
function text(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  // Not named like the setting itself: which of the two wins differs between versions of compose.
  if (isReference(value)) return `\${${value.variable}}`;
  return `[${value.map(item).join(",")}]`;
}

/** Compose reads $ and # in a value, yaml much else: whatever is not surely plain is escaped. */
function item(value: string): string {
  const words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
  const plain = /^[A-Za-z][\w.@:/-]*[\w/]$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
  if (plain && !words.includes(value.toLowerCase())) return value;
  return quoted(value).replace(/[$# ]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
