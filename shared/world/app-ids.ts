import type { Graph } from "../clients/graph/graph.ts";
import { registrations } from "../clients/graph/registrations.ts";
import { refusePlanted } from "../deployment/maker.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import { StalledError } from "../errors.ts";

/**
 * Client ids of registrations, asked for once in the life of the process: every sign-in to OpenMetadata needs that of
 * the server registration, and it never changes. One that was deleted and made anew has another: who is refused with
 * the old one forgets it.
 */
export interface AppIds {
  of(name: RegistrationName): Promise<string>;
  /** The same, with undefined where Entra shows none. */
  find(name: RegistrationName): Promise<string | undefined>;
  forget(name: RegistrationName): void;
  /** Takes what somebody has just made or found. */
  tell(name: RegistrationName, appId: string): void;
}

export function rememberedAppIds(graph: Graph, ownAppId: () => Promise<string | undefined>): AppIds {
  const known = new Map<string, string>();
  const read = async (name: { uniqueName: string }): Promise<string | undefined> => {
    const found = await registrations(graph).find(name);
    if (!found) return undefined;
    const { appId: clientId, createdByAppId } = found;
    const what = `registration "${name.uniqueName}"`;
    refusePlanted(name, { what, clientId, createdByAppId }, await ownAppId());
    return clientId;
  };
  const find: AppIds["find"] = async (name) => {
    if ("appId" in name) return name.appId;
    const appId = known.get(name.uniqueName) ?? (await read(name));
    if (appId !== undefined) known.set(name.uniqueName, appId);
    return appId;
  };
  return {
    find,
    async of(name) {
      if ("appId" in name) return name.appId;
      const appId = await find(name);
      if (appId !== undefined) return appId;
      throw new StalledError("registration-missing", `Cannot find registration "${name.uniqueName}" in Entra`, {
        hint: "Call POST /api/provision, then POST /api/consent",
      });
    },
    tell(name, appId) {
      if ("uniqueName" in name) known.set(name.uniqueName, appId);
    },
    forget(name) {
      if ("uniqueName" in name) known.delete(name.uniqueName);
    },
  };
}
