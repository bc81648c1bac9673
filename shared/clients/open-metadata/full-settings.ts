import type { Security } from "../../delivery/server-ports.ts";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { ServerSettings } from "../../hygiene/ports.ts";

/**
 * The settings of sign-in as far as they can be known: what the server tells anybody, and what it tells an administrator
 * only (from 1.10 on, some of them). A server that refuses us, or has no such call, leaves the rest untold.
 */
export function fullSettings<T extends Omit<ServerSettings, "storedAdmins">>(
  told: () => Promise<T>,
  security: Pick<Security, "read">,
): () => Promise<T & Pick<ServerSettings, "storedAdmins">> {
  return async () => {
    const known = await told();
    const { publicKeyUrls, enforcePrincipalDomain } = known;
    if (publicKeyUrls && enforcePrincipalDomain !== undefined) return { ...known, storedAdmins: undefined };
    const stored = await asAdministrator(security);
    return {
      ...known,
      publicKeyUrls: publicKeyUrls ?? stored?.publicKeyUrls,
      enforcePrincipalDomain: enforcePrincipalDomain ?? stored?.enforcePrincipalDomain,
      storedAdmins: stored?.adminPrincipals,
    };
  };
}

async function asAdministrator(security: Pick<Security, "read">) {
  try {
    return await security.read();
  } catch (error) {
    if (error instanceof UpstreamError || error instanceof StalledError) return undefined;
    throw error;
  }
}
