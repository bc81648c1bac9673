import { Hono } from "hono";

export interface FrontDoorOptions {
  /** Throws when the bearer token is not good; returns the audience that it was issued for. */
  verify: (token: string) => Promise<{ audience: string }>;
  /** `allowedAudiences` of the settings. */
  audiences: readonly string[];
  /** `excludedPaths`: whoever asks for one of them is not asked for a token. */
  excludedPaths: readonly string[];
  /** What stands behind it. */
  app: Pick<Hono, "fetch">;
}

/**
 * Built-in authentication of App Service, set to answer 401 to whoever has no good token (Microsoft Learn:
 * "Authentication and authorization in Azure App Service and Azure Functions"): the app is not asked then. That it does
 * so on Flex Consumption is unverified. Not modelled: sign-in with a browser, the token store, the headers about who
 * is signed in.
 */
export function createFrontDoor({ verify, audiences, excludedPaths, app }: FrontDoorOptions): Hono {
  const door = new Hono();
  door.all("*", async (c) => {
    const isExcluded = excludedPaths.some((path) => c.req.path.toLowerCase().startsWith(path.toLowerCase()));
    if (isExcluded || (await isKnown(c.req.header("authorization")))) return app.fetch(c.req.raw);
    return c.body("You do not have permission to view this directory or page.", 401, {
      "www-authenticate": 'Bearer realm="app"',
    });
  });
  async function isKnown(authorization: string | undefined): Promise<boolean> {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? "")?.[1];
    if (!token) return false;
    return verify(token).then(
      ({ audience }) => audiences.includes(audience),
      () => false,
    );
  }
  return door;
}
