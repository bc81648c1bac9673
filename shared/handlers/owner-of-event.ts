import { ownerAmong } from "../deployment/credentials.ts";
import { readVaultEvent, type VaultEvent } from "../triggers/vault-event.ts";
import { fleet } from "../world/fleet.ts";
import { settings } from "../world/settings.ts";

/** The part of a function's context that takes lines. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Whose secret an event of the vault is about, where it is one of ours and one that the caller wants; says why it is not. */
export async function ownerOfEvent(
  event: unknown,
  log: Log,
  wants: (seen: Extract<VaultEvent, { kind: "secret" }>) => boolean,
) {
  const { keyVaultUrl } = settings();
  const seen = readVaultEvent(event, keyVaultUrl);
  if (seen.kind === "ignored") {
    log.warn(`event ignored: ${seen.because}`);
    return undefined;
  }
  const { deployments } = await fleet();
  const owner = ownerAmong(deployments, seen.name);
  if (owner && wants(seen)) return { ...owner, name: seen.name, type: seen.type, deployments };
  log.info(`event ignored: ${seen.type} of "${seen.name}" asks for nothing here`);
  return undefined;
}
