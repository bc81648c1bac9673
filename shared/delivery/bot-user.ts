import { isAtLeast, parseRelease } from "../deployment/release.ts";
import type { AzureSso, BotMechanism, BotUser, User } from "./ports.ts";

/** How PUT /v1/bots names the bot's user: by reference up to 0.13, by name since 1.0. Pure. */
export function botUserShape(version: string): "name" | "reference" {
  const release = parseRelease(version);
  return release && !isAtLeast(release, [1, 0, 0]) ? "reference" : "name";
}

/** Names the fields in which the server holds something else than it was sent; a masked secret cannot be compared. Pure. */
export function differences(held: BotMechanism, wanted: AzureSso): string[] {
  if (held.authType !== "SSO") return ["authType"];
  const { azure } = held;
  if (held.ssoServiceType !== "azure" || !azure) return ["ssoServiceType"];
  const fields: string[] = [];
  if (azure.clientId !== wanted.clientId) fields.push("clientId");
  if (azure.authority !== wanted.authority) fields.push("authority");
  if (azure.scopes.join(" ") !== wanted.scopes.join(" ")) fields.push("scopes");
  if (!isMasked(azure.clientSecret) && azure.clientSecret !== wanted.clientSecret) fields.push("clientSecret");
  return fields;
}

/**
 * Adds to a description which version of the vault secret the user holds: the only thing to go by where the server
 * masks the secret, and a help to whoever looks at the user. What people wrote stays. Pure.
 */
export function describedWith(description: string | undefined, version: string): string {
  const theirs = (description ?? "").replace(MARK, "").trimEnd();
  return `${theirs}${theirs ? "\n\n" : ""}Holds version ${version} of its client secret in the vault (openmetadata-entra).`;
}

const MARK = /\n*Holds version \S+ of its client secret in the vault \(openmetadata-entra\)\./g;

/**
 * Is this what we wrote? Either the secret is shown, or the user was changed last by us and carries the mark of the same
 * secret. Pure.
 */
export function isOurs(
  held: { mechanism: BotMechanism; user: User | undefined },
  wanted: BotUser,
  administrator: string,
): boolean {
  const { mechanism, user } = held;
  if (differences(mechanism, wanted.sso).length > 0) return false;
  if (!isMasked(mechanism.azure?.clientSecret ?? "")) return true;
  return user?.description === wanted.description && user?.updatedBy?.toLowerCase() === administrator.toLowerCase();
}

function isMasked(secret: string): boolean {
  return /^\*+$/.test(secret);
}
