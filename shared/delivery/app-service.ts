import { StalledError } from "../errors.ts";
import type { Pushed } from "../rotation/client-secret/ports.ts";
import type { AppServicePorts, VaultReference } from "./server-ports.ts";
import { referenceFaults, referencesTo } from "./vault-references.ts";

const SPACING = 2_000;
/** The platform resolves a reference anew within seconds. */
const MOST_LOOKS = 5;

/**
 * Has the platform read the vault again, and sees that its references show this version. A process keeps the
 * environment that it began with, so the site is restarted where it `needsRestart` and that is allowed; where it is
 * not, nobody can see when the process takes the new one up: `resolved` says that the platform has it.
 * @throws {StalledError} where the references are missing or cannot be resolved.
 */
export async function refreshAppService(
  ports: AppServicePorts,
  { version, endsOn, subject, needsRestart }: { version: string; endsOn: Date; subject: string; needsRestart: boolean },
): Promise<Pushed | { kind: "resolved"; because: string }> {
  const { name, vault, secret } = ports;
  const look = async (): Promise<VaultReference[]> => referencesTo(await ports.references(), { vault, secret });
  let own = await look();
  if (own.length === 0) {
    throw new StalledError(
      `${subject}: no setting of App Service "${name}" refers to secret "${secret}"`,
      `Set OIDC_CLIENT_SECRET there to @Microsoft.KeyVault(VaultName=${vault};SecretName=${secret}), or take APP_SERVICE_ID away`,
    );
  }
  if (!shows(own, version)) {
    await ports.refresh();
    own = await look();
  }
  for (let looks = 0; !shows(own, version); looks += 1) {
    const faults = referenceFaults(own, version);
    if (faults.length > 0) {
      throw new StalledError(`${subject}: App Service "${name}" cannot read it`, faults.join("; "));
    }
    if (looks >= MOST_LOOKS || ports.now().getTime() + SPACING > endsOn.getTime()) {
      return { kind: "waiting", because: `App Service "${name}" has not read the new version yet` };
    }
    await ports.wait(SPACING);
    own = await look();
  }
  if (!needsRestart) return { kind: "delivered", detail: `App Service "${name}" has read it` };
  if (!ports.mayRestart) {
    return { kind: "resolved", because: `App Service "${name}" has read it, its process takes it at its next start` };
  }
  await ports.restart();
  return { kind: "delivered", detail: `App Service "${name}" was restarted with it` };
}

function shows(references: readonly VaultReference[], version: string): boolean {
  return references.every(({ status, activeVersion }) => status === "Resolved" && activeVersion === version);
}
