import * as z from "zod";
import type { OpenMetadata, SignInConfiguration } from "../../delivery/ports.ts";
import type { Server, ServerSettings } from "../../hygiene/ports.ts";
import { type OpenMetadataCalls, strings, text } from "./calls.ts";

const blank = text.transform((value) => value ?? "");

const version = z.object({ version: z.string() });
/** An empty list tells nothing: 1.12.6 shows one whatever is configured. */
const toldStrings = strings.transform((list) => (list.length > 0 ? list : undefined));

const authentication = z.object({
  provider: z.string(),
  authority: blank,
  clientId: blank,
  callbackUrl: blank,
  clientType: text,
  publicKeyUrls: toldStrings,
  jwtPrincipalClaims: strings,
});
const authorizer = z
  .object({
    principalDomain: blank,
    enforcePrincipalDomain: z
      .boolean()
      .nullish()
      .transform((value) => value ?? undefined),
    adminPrincipals: strings,
    adminEmails: strings,
  })
  .transform(({ adminPrincipals, adminEmails, ...rest }) => {
    const listed = [...adminPrincipals, ...adminEmails];
    return { ...rest, adminPrincipals: listed.length > 0 ? listed : undefined };
  });
const keys = z.object({ keys: z.array(z.object({ kid: blank })) });

/** How people sign in, and who is let in, as anybody is told. */
type Told = SignInConfiguration & Omit<ServerSettings, "storedAdmins">;

/** What a server tells anybody about itself: its release, how people sign in, and its own keys. No token is needed. */
export function system({
  system: read,
}: OpenMetadataCalls): Pick<OpenMetadata, "version"> &
  Pick<Server, "ownKeyIds"> & { signInConfiguration(): Promise<Told> } {
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
    async ownKeyIds() {
      const found = await read("read the server's own keys", "config/jwks", keys);
      return found.keys.map(({ kid }) => kid);
    },
  };
}
