import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
} from "@azure/identity";
import { decodeJwt } from "jose";
import { StalledError } from "../shared/errors.ts";

/** The person, or the pipeline, that runs a command of this folder. */
export interface Operator {
  /** @throws {StalledError} that says how to sign in. */
  tokenFor(scope: string): Promise<string>;
}

/** Whoever the Azure CLI, Azure PowerShell or azd is signed in as, asked in this order. */
export function signedIn(tenantId?: string): Operator {
  const options = tenantId ? { tenantId } : {};
  const credential = new ChainedTokenCredential(
    new AzureCliCredential(options),
    new AzurePowerShellCredential(options),
    new AzureDeveloperCliCredential(options),
  );
  return {
    async tokenFor(scope) {
      try {
        return (await credential.getToken(scope)).token;
      } catch (error) {
        throw notSignedIn(scope, error);
      }
    },
  };
}

/** Who a token was issued to, and by which tenant; for display only, nothing is decided by it. */
export function holderOf(token: string): { name: string; objectId: string; tenantId: string } {
  const { upn, app_displayname, oid, tid } = decodeJwt<Record<string, unknown>>(token);
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const objectId = text(oid) ?? "";
  return { name: text(upn) ?? text(app_displayname) ?? objectId, objectId, tenantId: text(tid) ?? "" };
}

function notSignedIn(scope: string, error: unknown): StalledError {
  const said = error instanceof Error ? error.message : String(error);
  // The chain's message repeats those of all three, the first of which names the reason.
  const reason = /AADSTS\d+[^\r\n]{0,200}|az login[^\r\n]{0,120}/.exec(said)?.[0] ?? said.split(/\r?\n/, 1)[0];
  return new StalledError(
    `Cannot get a token for ${scope}: ${reason}`,
    "Sign in with az login --tenant <tenant id> (or Connect-AzAccount, or azd auth login) and call again",
  );
}
