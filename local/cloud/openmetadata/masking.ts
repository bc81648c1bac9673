import type { Mechanism } from "./mechanism.ts";
import type { OpenMetadataOptions } from "./options.ts";
import { featuresOf } from "./releases.ts";

/** What OpenMetadata shows in place of a secret, and takes to mean "as stored" when it is sent back. */
export const MASK = "*********";

/** Whether this server masks secrets at all. */
export function masks(options: OpenMetadataOptions): boolean {
  const { masking } = featuresOf(options.release);
  return masking === "always" || (masking === "opt-in" && options.maskPasswords === true);
}

/** The mechanism as people see it. The token of a bot is never masked, only a client secret is. */
export function masked(mechanism: Mechanism): Mechanism {
  return withSecret(mechanism, secretOf(mechanism) === undefined ? undefined : MASK);
}

/** A mechanism as sent, with the mask replaced by the stored secret; without a stored one the mask is taken literally. */
export function unmasked(sent: Mechanism, stored: Mechanism | undefined): Mechanism {
  return secretOf(sent) === MASK ? withSecret(sent, secretOf(stored)) : sent;
}

function secretOf(mechanism: Mechanism | undefined): string | undefined {
  return mechanism?.authType === "SSO" ? mechanism.config.authConfig?.clientSecret : undefined;
}

function withSecret(mechanism: Mechanism, clientSecret: string | undefined): Mechanism {
  if (mechanism.authType === "JWT" || clientSecret === undefined) return mechanism;
  const authConfig = { ...mechanism.config.authConfig, clientSecret };
  return { ...mechanism, config: { ...mechanism.config, authConfig } };
}
