import type { Scene } from "./scene.ts";
import { SECRET } from "./truth.ts";

/** An event of the vault in Event Grid's schema, for the current secret, as somebody could have written it. */
export function envelope({ cloud, clock }: Scene, kind: "NewVersionCreated" | "NearExpiry", version: string) {
  const vault = new URL(cloud.urls.vault).hostname.split(".")[0] ?? "";
  return {
    id: "00eccf70-95a7-4e7c-8299-2eb17ee9ad64",
    topic: `/subscriptions/0/resourceGroups/openmetadata/providers/Microsoft.KeyVault/vaults/${vault}`,
    subject: SECRET,
    eventType: `Microsoft.KeyVault.Secret${kind}`,
    eventTime: clock.now().toISOString(),
    data: {
      Id: `${cloud.urls.vault}/secrets/${SECRET}/${version}`,
      VaultName: vault,
      ObjectType: "Secret",
      ObjectName: SECRET,
      Version: version,
      NBF: null,
      EXP: null,
    },
    dataVersion: "1",
    metadataVersion: "1",
  };
}
