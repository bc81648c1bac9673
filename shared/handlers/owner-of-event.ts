import { ownerAmong } from "../deployment/credentials.ts";
import { eventIgnored, type Log } from "../log.ts";
import { readVaultEvent, type VaultEvent } from "../triggers/vault-event.ts";
import { fleet } from "../world/fleet.ts";
import { settings } from "../world/settings.ts";

/** Whose secret an event of the vault is about, where it is one of ours and one that the caller wants; says why it is not. */
export async function ownerOfEvent(
  event: unknown,
  log: Log,
  wants: (seen: Extract<VaultEvent, { kind: "secret" }>) => boolean,
) {
  const { keyVaultUrl } = settings();
  const seen = readVaultEvent(event, keyVaultUrl);
  if (seen.kind === "ignored") {
    log(eventIgnored(seen.because, { foreign: true }));
    return undefined;
  }
  const { deployments } = await fleet();
  const owner = ownerAmong(deployments, seen.name);
  if (owner && wants(seen)) return { ...owner, name: seen.name, type: seen.type, deployments };
  log(eventIgnored(`${seen.type} of "${seen.name}" needs no work here`));
  return undefined;
}
