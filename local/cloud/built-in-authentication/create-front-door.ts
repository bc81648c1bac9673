import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";

export interface FrontDoorOptions {
  /** Throws when the bearer token is not good; returns the audience that it was issued for. */
  verify: (token: string) => Promise<{ audience: string }>;
  /** `allowedAudiences` of the settings. */
  audiences: readonly string[];
  /** `excludedPaths`: whoever asks for one of them is not asked for a token. */
  excludedPaths: readonly string[];
  /** What the token store holds, by the cookie of the session. */
  sessions?: ReadonlyMap<string, { idToken: string }>;
  /** What stands behind it. */
  app: Pick<Hono, "fetch">;
}

/** By which the id token is handed on; whoever sends one of these is not listened to. */
const ID_TOKEN = "x-ms-token-aad-id-token";

/**
 * Built-in authentication of App Service, set to answer 401 to whoever has no good token and no session (Microsoft
 * Learn: "Authentication and authorization in Azure App Service and Azure Functions", "Work with OAuth tokens in Azure
 * App Service authentication"): the app is not asked then. Unverified are that it does so on Flex Consumption, and that
 * an id token of a session is handed on as it is, also when it has ended. Not modelled: the sign-in itself, refreshing,
 * the headers about who is signed in.
 */
export function createFrontDoor({ verify, audiences, excludedPaths, sessions, app }: FrontDoorOptions): Hono {
  const door = new Hono();
  const held = (c: Context) => sessions?.get(getCookie(c, "AppServiceAuthSession") ?? "");
  door.get("/.auth/me", (c) => {
    const idToken = held(c)?.idToken;
    return idToken === undefined ? c.json([], 401) : c.json([{ provider_name: "aad", id_token: idToken }]);
  });
  door.all("*", async (c) => {
    const isExcluded = excludedPaths.some((path) => c.req.path.toLowerCase().startsWith(path.toLowerCase()));
    const session = held(c);
    if (!isExcluded && !session && !(await isKnown(c.req.header("authorization")))) {
      return c.body("You do not have permission to view this directory or page.", 401, {
        "www-authenticate": 'Bearer realm="app"',
      });
    }
    const headers = new Headers(c.req.raw.headers);
    headers.delete(ID_TOKEN);
    if (session) headers.set(ID_TOKEN, session.idToken);
    return app.fetch(new Request(c.req.raw, { headers }));
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
