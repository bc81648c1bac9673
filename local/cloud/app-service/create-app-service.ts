import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { type Authenticated, gate } from "./gate.ts";
import { metadataRoutes } from "./metadata-routes.ts";
import type { AppServiceOptions, SiteWish, Timing } from "./options.ts";
import { notModelled, refusal } from "./refusal.ts";
import type { Resolution } from "./resolve.ts";
import { createRights, type Rights } from "./rights.ts";
import { createSite, resolveAll, type Site, start } from "./site.ts";
import { siteRoutes } from "./site-routes.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";

/** A site in the hands of whoever has every right on it. */
export interface SiteControl {
  readonly id: string;
  /** Settable times. */
  timing: Timing;
  /** Moves it to Flex Consumption, or away from it. */
  setFlex(on: boolean): void;
  /** What the running process found in its environment when it started: secrets in clear. */
  environment(): Record<string, string>;
  /** What the platform holds of a reference now, the value in clear; `undefined` for a setting that is none. */
  resolution(setting: string): Resolution | undefined;
  /** How often a process was started, the first time included. */
  starts(): number;
  /** The next requests that would change the site, so many of them, are answered with 409. */
  busy(requests: number): void;
  /** Takes the place of all settings, as a person does in the portal: fetched anew, and started anew. */
  configure(settings: Record<string, string>): Promise<void>;
}

export interface AppService extends Pick<Rights, "grant" | "revoke"> {
  /** Azure Resource Manager as far as it goes: give it to `serve` as `management.localhost`. */
  app: Hono<Authenticated>;
  addSite(wish: SiteWish): Promise<SiteControl>;
  /** The next requests, so many of them, are answered with 429. `retryAfter` in seconds. */
  throttle(requests: number, retryAfter: number): void;
}

/**
 * Web apps of App Service whose settings refer to Key Vault, the calls of Azure Resource Manager on them, and what it
 * tells of itself and of subscriptions. Nobody has any right at first. Outages are faults on the wire.
 */
export function createAppService(options: AppServiceOptions): AppService {
  const sites: Site[] = [];
  const rights = createRights();
  const throttle = { left: 0, retryAfter: 0 };
  const app = new Hono<Authenticated>();
  app.route("/", metadataRoutes(options));
  app.use("*", gate(options, throttle));
  app.route("/", subscriptionRoutes(options, rights));
  app.route("/", siteRoutes(sites, rights));
  app.notFound((c) => notModelled(`${c.req.method} ${c.req.path}`).getResponse());
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    return refusal(500, { code: "InternalServerError", message: error.message }).getResponse();
  });
  return {
    app,
    grant: rights.grant,
    revoke: rights.revoke,
    async addSite(wish) {
      const site = await createSite(wish, options);
      sites.push(site);
      return control(site);
    },
    throttle: (requests, retryAfter) => void Object.assign(throttle, { left: requests, retryAfter }),
  };
}

function control(site: Site): SiteControl {
  return {
    id: site.id,
    timing: site.timing,
    environment: () => ({ ...site.process }),
    resolution: (setting) => structuredClone(site.resolutions.get(setting)),
    starts: () => site.starts,
    setFlex(on) {
      site.flex = on;
    },
    busy(requests) {
      site.busyFor = requests;
    },
    async configure(settings) {
      site.settings = { ...settings };
      await resolveAll(site);
      start(site);
    },
  };
}
