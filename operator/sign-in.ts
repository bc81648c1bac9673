import type { TokenCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { OperatorError } from "./operator-error.ts";

/** The person, or the pipeline, that runs a command of this folder. */
export interface Operator {
  /** @throws {OperatorError} that says how to sign in. */
  tokenFor(scope: string): Promise<string>;
}

/** Whoever the Azure CLI, Azure PowerShell or azd is signed in as, asked in this order. */
export function signedIn(tenantId?: string): Operator {
  let credential: Promise<TokenCredential> | undefined;
  return {
    async tokenFor(scope) {
      credential ??= openCredential(tenantId);
      const token = await (await credential).getToken(scope).catch((error: unknown) => {
        throw notSignedIn(scope, error);
      });
      if (token) return token.token;
      throw notSignedIn(scope, new Error("there is no token"));
    },
  };
}

/** The SDK takes a second to load, which no --help should wait for. */
async function openCredential(tenantId: string | undefined): Promise<TokenCredential> {
  const sdk = await import("@azure/identity");
  const options = tenantId ? { tenantId } : {};
  return new sdk.ChainedTokenCredential(
    new sdk.AzureCliCredential(options),
    new sdk.AzurePowerShellCredential(options),
    new sdk.AzureDeveloperCliCredential(options),
  );
}

/** Who a token was issued to, and by which tenant; for display only, nothing is decided by it. */
export function holderOf(token: string): { name: string; objectId: string; tenantId: string } {
  const { upn, app_displayname, oid, tid } = decodeJwt<Record<string, unknown>>(token);
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const objectId = text(oid) ?? "";
  return { name: text(upn) ?? text(app_displayname) ?? objectId, objectId, tenantId: text(tid) ?? "" };
}

function notSignedIn(scope: string, error: unknown): OperatorError {
  return new OperatorError(
    `Cannot get a token for ${scope}: ${reasonIn(error instanceof Error ? error.message : String(error))}`,
    "Sign in with az login --tenant <tenant id> (or Connect-AzAccount, or azd auth login) and call again",
  );
}

/** The sentence that matters to a person: the chain's message holds those of all three, one below the other. */
export function reasonIn(said: string): string {
  const entra = /AADSTS\d+[^\r\n]{0,200}/.exec(said)?.[0];
  if (entra) return entra;
  if (said.includes("Azure CLI could not be found")) return "the Azure CLI (az) is not installed here";
  if (/run '?az login/.test(said)) return "az is not signed in";
  return said.split(/\r?\n/, 1)[0] ?? "";
}
