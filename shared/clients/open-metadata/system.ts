import { z } from "zod";
import type { OpenMetadata } from "../../delivery/ports.ts";
import type { Server } from "../../hygiene/ports.ts";
import { flag, type OpenMetadataCalls, strings, text } from "./calls.ts";

const blank = text.transform((value) => value ?? "");

const version = z.object({ version: z.string() });
const authentication = z.object({
  provider: z.string(),
  authority: blank,
  clientId: blank,
  callbackUrl: blank,
  clientType: text,
  publicKeyUrls: strings,
  jwtPrincipalClaims: strings,
});
const authorizer = z
  .object({
    principalDomain: blank,
    enforcePrincipalDomain: flag,
    adminPrincipals: z.array(z.string()).nullish(),
    adminEmails: strings,
  })
  .transform(({ adminPrincipals, adminEmails, ...rest }) => ({
    ...rest,
    adminPrincipals: adminPrincipals ? [...adminPrincipals, ...adminEmails] : undefined,
  }));
const keys = z.object({ keys: z.array(z.object({ kid: blank })) });

/** What a server tells anybody about itself: its release, how people sign in, and its own keys. No token is needed. */
export function system({
  system: read,
}: OpenMetadataCalls): Pick<OpenMetadata, "version" | "signInConfiguration"> & Pick<Server, "settings" | "ownKeyIds"> {
  const configuration = async () => {
    const [people, rights] = await Promise.all([
      read("read the sign-in configuration", "config/auth", authentication),
      read("read the authorizer's configuration", "config/authorizer", authorizer),
    ]);
    return { ...people, ...rights };
  };
  return {
    version: async () => (await read("ask for the version", "version", version)).version,
    signInConfiguration: configuration,
    settings: configuration,
    async ownKeyIds() {
      const found = await read("read the server's own keys", "config/jwks", keys);
      return found.keys.map(({ kid }) => kid);
    },
  };
}
