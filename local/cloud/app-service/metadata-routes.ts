import { Hono } from "hono";
import type { AppServiceOptions } from "./options.ts";
import { refusal } from "./refusal.ts";

/** The suffix of the host names of vaults, without the dot at its start. */
const withoutDot = (suffix: string): string => suffix.replace(/^\./, "");

/**
 * `GET /metadata/endpoints`, where clients of any language learn where the services of a cloud are; it needs no token.
 * The oldest version tells little, the one from 2022 on tells of one cloud what az and Terraform read.
 */
export function metadataRoutes({ endpoints }: AppServiceOptions): Hono {
  const routes = new Hono();
  routes.get("/metadata/endpoints", (c) => {
    const version = c.req.query("api-version");
    if (!version) {
      const message = "The api-version query parameter (?api-version=) is required for all requests.";
      throw refusal(400, { code: "MissingApiVersionParameter", message });
    }
    const { entra, graph, arm, vaultSuffix } = endpoints();
    const authentication = { loginEndpoint: entra, audiences: ["https://management.core.windows.net/", arm] };
    if (version === "2015-01-01") {
      return c.json({ galleryEndpoint: arm, graphEndpoint: graph, portalEndpoint: arm, authentication });
    }
    const one = {
      name: "local",
      portal: arm,
      resourceManager: arm,
      authentication: { ...authentication, tenant: "common", identityProvider: "AAD" },
      graph,
      graphAudience: graph,
      microsoftGraphResourceId: graph,
      suffixes: { keyVaultDns: withoutDot(vaultSuffix) },
    };
    return c.json(version < "2022" ? [one] : one);
  });
  return routes;
}
