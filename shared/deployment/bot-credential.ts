import { FIRST_TOKEN_ONLY, isAtLeast, parseRelease, type Release } from "./release.ts";

/**
 * Which credential ingestion-bot can hold depends on the release.
 *
 *   release            a client secret (Azure SSO)       a token that OpenMetadata issues
 *   -----------------  --------------------------------  --------------------------------
 *   before 0.12.1      cannot be set by REST             -
 *   0.12.1 to 1.2      kept and used                     possible, not ours to choose
 *   1.3 to about 1.6   may take the token's place: of    the only way
 *                      no use, and the token is gone
 *   later              answered 200, silently ignored    the only way
 *
 * Sources: open-metadata/OpenMetadata #9353, #10847 (removed from the UI), #14358 (JWT-only client); a fork at 1.6 was
 * seen to store it in place of the token, 1.12.6 to ignore it. From 1.3 on it is never sent, whatever is asked for.
 */

/** How the bot gets to hold a new credential, and why. */
export type BotCredential =
  | { kind: "sso"; because: string }
  | { kind: "jwt"; because: string }
  /** Nothing that we could send would take effect. */
  | {
      kind: "refused";
      code: "openmetadata-version-unknown" | "openmetadata-release-unsupported";
      because: string;
    };

const FIRST_SSO: Release = [0, 12, 1];

/** Chooses by the server's version, or holds a forced choice against it. Pure. */
export function chooseBotCredential(version: string, forced: "auto" | "sso" | "jwt"): BotCredential {
  const release = parseRelease(version);
  if (!release) {
    if (forced === "jwt") return { kind: "jwt", because: "BOT_CREDENTIAL says so" };
    const because = `cannot parse OpenMetadata version "${version}"`;
    return { kind: "refused", code: "openmetadata-version-unknown", because };
  }
  const jwtOnly = isAtLeast(release, FIRST_TOKEN_ONLY);
  if (forced === "jwt") return { kind: "jwt", because: "BOT_CREDENTIAL says so" };
  if (forced === "sso" && jwtOnly) {
    return {
      kind: "refused",
      code: "openmetadata-release-unsupported",
      because: `BOT_CREDENTIAL is "sso", but OpenMetadata ${version} does not support Azure client secrets for bots and may overwrite the bot's token with it`,
    };
  }
  if (jwtOnly)
    return { kind: "jwt", because: `OpenMetadata ${version} does not support Azure client secrets for bots` };
  if (!isAtLeast(release, FIRST_SSO)) {
    return {
      kind: "refused",
      code: "openmetadata-release-unsupported",
      because: `OpenMetadata ${version} cannot set a bot's credential by REST; 0.12.1 and later can`,
    };
  }
  return { kind: "sso", because: `OpenMetadata ${version} signs bots in with Azure SSO` };
}
