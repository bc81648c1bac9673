import { isAtLeast, parseRelease } from "../deployment/release.ts";
import type { AzureSso, BotMechanism } from "./ports.ts";

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

function isMasked(secret: string): boolean {
  return /^\*+$/.test(secret);
}
