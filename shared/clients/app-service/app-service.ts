import { createWebSiteManagement } from "@azure/arm-appservice/api";
import { listAppSettingsKeyVaultReferences, restart } from "@azure/arm-appservice/api/webApps";
import type { TokenCredential } from "@azure/identity";
import { StalledError, UpstreamError } from "../../errors.ts";

/** An app setting whose value the platform reads from the vault. */
export interface Reference {
  setting: string;
  /** The vault's own name, without its domain. */
  vault: string | undefined;
  secret: string | undefined;
  /** Where the reference names a version it never follows a rotation. */
  pinnedVersion: string | undefined;
  /** The version that the platform has resolved it to. */
  activeVersion: string | undefined;
  /** "Resolved", or what is wrong. */
  status: string;
  details: string | undefined;
}

/** One site of Azure App Service. */
export interface AppService {
  references(): Promise<Reference[]>;
  /** Has the platform read the vault again, instead of once in 24 hours. */
  refresh(): Promise<void>;
  restart(): Promise<void>;
}

/** No member of Microsoft's client; documented in Microsoft Learn, "Use Key Vault references as app settings". */
const REFRESH_VERSION = "2022-03-01";

/** The site with this resource id, through Microsoft's client, which repeats 429 and 5xx itself. */
export function appService(credential: TokenCredential, armUrl: string, resourceId: string): AppService {
  const [, , subscription = "", , group = "", , , , name = ""] = resourceId.split("/");
  const arm = createWebSiteManagement(credential, subscription, {
    endpoint: armUrl,
    credentials: { scopes: [`${armUrl}/.default`] },
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
  });
  const attempt = async <T>(action: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw explained(error, `${action} App Service "${name}"`, resourceId);
    }
  };
  return {
    references: () =>
      attempt("read the Key Vault references of", async () => {
        const found: Reference[] = [];
        for await (const one of listAppSettingsKeyVaultReferences(arm, group, name)) {
          found.push({
            setting: one.name ?? "",
            vault: one.vaultName,
            secret: one.secretName,
            pinnedVersion: one.secretVersion || undefined,
            activeVersion: one.activeVersion,
            status: one.status ?? "unknown",
            details: one.details,
          });
        }
        return found;
      }),
    refresh: () =>
      attempt("refresh the Key Vault references of", async () => {
        const path = `${resourceId}/config/configreferences/appsettings/refresh`;
        const { status, body } = await arm
          .pathUnchecked(path)
          .post({ queryParameters: { "api-version": REFRESH_VERSION } });
        if (!status.startsWith("2")) throw Object.assign(new Error("refused"), { statusCode: Number(status), body });
      }),
    restart: () => attempt("restart", () => restart(arm, group, name)),
  };
}

interface ArmFailure {
  statusCode?: number;
  code?: string;
  name?: string;
  body?: { error?: { code?: string } };
}

function explained(error: unknown, action: string, resourceId: string): Error {
  const { statusCode: status = 0, code, name, body } = (error ?? {}) as ArmFailure;
  const told = body?.error?.code ?? code ?? name ?? "unknown";
  const message = `Cannot ${action}: ${status === 0 ? `no answer (${told})` : `${status} ${told}`}`;
  if (status === 403) {
    return new StalledError(
      message,
      `Give the app's identity the role "Website Contributor" on the site: az role assignment create --role "Website Contributor" --assignee-object-id <principal id> --scope ${resourceId}`,
    );
  }
  if (status === 404) return new StalledError(message, "Correct APP_SERVICE_ID: there is no such site");
  // 409: another operation is in progress.
  return new UpstreamError(message, { service: "App Service", status, ...(status === 409 ? { transient: true } : {}) });
}
