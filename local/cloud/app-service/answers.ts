import { readReference } from "./reference.ts";
import type { Site } from "./site.ts";

/** `StringDictionary`: the app settings as they are written, references unresolved. */
export function settingsAnswer({ id, settings }: Site): object {
  return {
    id: `${id}/config/appsettings`,
    name: "appsettings",
    type: "Microsoft.Web/sites/config",
    properties: settings,
  };
}

/** `ApiKVReference` of one app setting; `undefined` for a setting that is no reference. The value is never shown. */
export function referenceAnswer({ id, settings, resolutions }: Site, key: string): object | undefined {
  const setting = settings[key];
  const resolution = resolutions.get(key);
  if (setting === undefined || !resolution) return undefined;
  const reference = readReference(setting);
  const { status, activeVersion } = resolution;
  return {
    id: `${id}/config/configreferences/appsettings/${key}`,
    name: key,
    type: "Microsoft.Web/sites/config/configreferences",
    properties: {
      reference: setting,
      status,
      vaultName: reference?.vaultName,
      secretName: reference?.secretName,
      secretVersion: reference?.secretVersion,
      identityType: { type: "SystemAssigned" },
      details:
        status === "Resolved" ? "Reference has been successfully resolved." : `Reference was not resolved: ${status}.`,
      source: "KeyVault",
      activeVersion,
    },
  };
}
