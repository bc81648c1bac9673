import { storeAdminTokenHint } from "../deployment/stored-token.ts";
import { StalledError, UpstreamError } from "../errors.ts";
import type { Ports } from "./ports.ts";

/** As whom the server lets us in. */
export interface Access {
  user: string;
  isAdmin: boolean;
}

/** @throws {StalledError} when the server refuses us, with what to do. */
export async function askAccess(ports: Omit<Ports, "log">): Promise<Access> {
  try {
    const { name, isAdmin } = await ports.server.whoAmI();
    return { user: name, isAdmin };
  } catch (error) {
    if (!(error instanceof UpstreamError) || ![401, 403, 404].includes(error.status)) throw error;
    throw new StalledError("openmetadata-forbidden", error.message, {
      hint: await howToGetIn(ports),
      cause: error,
    });
  }
}

/** What makes us an administrator of the server. */
export async function howToGetIn({ deployment, vault, ownObjectId }: Omit<Ports, "log">): Promise<string> {
  const { openMetadataTokenSecret: secret } = deployment;
  if (secret !== undefined) return storeAdminTokenHint({ vault, secret });
  return `Add ${await ownObjectId()} to AUTHORIZER_ADMIN_PRINCIPALS and restart the server; openMetadata.obstacles in GET /api/status lists what else keeps the app out`;
}
