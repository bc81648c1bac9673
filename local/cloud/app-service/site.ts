import type { AppServiceOptions, SiteWish, Timing } from "./options.ts";
import { isReference, readReference } from "./reference.ts";
import { type Resolution, resolve } from "./resolve.ts";

/** A web app: its settings, what the platform has resolved of them, and the process that runs. */
export interface Site {
  /** Resource id, as Azure writes it. */
  id: string;
  name: string;
  settings: Record<string, string>;
  /** By the name of the setting. */
  resolutions: Map<string, Resolution>;
  identityObjectId: string | undefined;
  flex: boolean;
  /** What the running process was started with. */
  process: Record<string, string>;
  starts: number;
  /** How many of the next requests that change the site are refused because another operation is in progress. */
  busyFor: number;
  timing: Timing;
  options: AppServiceOptions;
  onStart: (environment: Record<string, string>) => void;
}

const DAY = 24 * 60 * 60 * 1000;

/** Makes a site, resolves its references and starts its process. */
export async function createSite(wish: SiteWish, options: AppServiceOptions): Promise<Site> {
  const { subscriptionId = SUBSCRIPTION, resourceGroup = "openmetadata", name } = wish;
  const site: Site = {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${name}`,
    name,
    settings: { ...wish.settings },
    resolutions: new Map(),
    identityObjectId: wish.identityObjectId,
    flex: wish.flex ?? false,
    process: {},
    starts: 0,
    busyFor: 0,
    timing: { refreshing: 0, restarting: 0 },
    options,
    onStart: wish.onStart ?? (() => undefined),
  };
  await resolveAll(site);
  start(site);
  refetchDaily(site);
  return site;
}

/** The subscription of whoever names none. */
export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

/** Asks the vault for everything that is referred to; the running process goes on with what it was started with. */
export async function resolveAll(site: Site): Promise<void> {
  const references = Object.entries(site.settings).filter(([, setting]) => isReference(setting));
  const resolved = await Promise.all(
    references.map(async ([key, setting]) => {
      const resolution = await resolve(readReference(setting), site.identityObjectId, site.options);
      return [key, resolution] as const;
    }),
  );
  site.resolutions = new Map(resolved);
}

/** Replaces the process by one with the environment of this moment. The references are not fetched for it. */
export function start(site: Site): void {
  site.process = environmentOf(site);
  site.starts += 1;
  site.onStart({ ...site.process });
}

/** Whether a process that started now would find something else in its environment. */
export function isOutdated(site: Site): boolean {
  return JSON.stringify(environmentOf(site)) !== JSON.stringify(site.process);
}

/** An unresolved reference is passed on as the text that it is (Microsoft Learn, as above, "Understand failures"). */
function environmentOf({ settings, resolutions }: Site): Record<string, string> {
  const resolved = Object.entries(settings).map(([key, setting]) => [key, resolutions.get(key)?.value ?? setting]);
  return Object.fromEntries(resolved);
}

/**
 * "The app automatically updates and begins using the latest version within 24 hours. The delay is because App Service
 * caches the values of the key vault references and refetches it every 24 hours" (Microsoft Learn, as above, "Understand
 * rotation"). A process cannot learn of it otherwise, so one whose environment has changed is started anew.
 */
function refetchDaily(site: Site): void {
  const { clock } = site.options;
  clock.at(new Date(clock.now().getTime() + DAY), async () => {
    refetchDaily(site);
    await resolveAll(site);
    if (isOutdated(site)) start(site);
  });
}
