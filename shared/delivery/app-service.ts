import { StalledError } from "../errors.ts";
import { SECOND } from "../limits.ts";
import { retry } from "../retry.ts";
import type { Pushed } from "../rotation/client-secret/ports.ts";
import type { AppServicePorts, VaultReference } from "./server-ports.ts";
import { referenceFaults, referencesTo } from "./vault-references.ts";

/** The platform resolves a reference anew within seconds. */
const PAUSES = [2, 2, 2, 2, 2].map((seconds) => seconds * SECOND);

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
      "app-service-misconfigured",
      `${subject}: no app setting of App Service "${name}" refers to secret "${secret}"`,
      {
        hint: `Set the app setting OIDC_CLIENT_SECRET of the site as below, or remove APP_SERVICE_ID from the settings of this app:\n@Microsoft.KeyVault(VaultName=${vault};SecretName=${secret})`,
      },
    );
  }
  if (!shows(own, version)) {
    await ports.refresh();
    own = await retry(ports, look, { pauses: PAUSES, endsOn, until: (found) => !isPending(found, version) });
    const faults = referenceFaults(own, version);
    if (faults.length > 0) {
      throw new StalledError("app-service-misconfigured", `${subject}: App Service "${name}" cannot read the secret`, {
        hint: faults.join("; "),
      });
    }
    if (!shows(own, version)) {
      return {
        kind: "waiting",
        code: "app-service-pending",
        because: `App Service "${name}" has not read the new version yet`,
      };
    }
  }
  if (!needsRestart) return { kind: "delivered", detail: `App Service "${name}" has read the secret` };
  if (!ports.mayRestart) {
    return { kind: "resolved", because: `App Service "${name}" has read the secret; restart the site to use it` };
  }
  await ports.restart();
  return { kind: "delivered", detail: `App Service "${name}" was restarted with the secret` };
}

/** Neither resolved to this version yet, nor anything that a person must mend. */
function isPending(references: readonly VaultReference[], version: string): boolean {
  return !shows(references, version) && referenceFaults(references, version).length === 0;
}

function shows(references: readonly VaultReference[], version: string): boolean {
  return references.every(({ status, activeVersion }) => status === "Resolved" && activeVersion === version);
}
