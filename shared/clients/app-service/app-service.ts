import type { ApiKVReference } from "@azure/arm-appservice";
import { createWebSiteManagement } from "@azure/arm-appservice/api";
import { listAppSettingsKeyVaultReferences, restart } from "@azure/arm-appservice/api/webApps";
import type { Site, VaultReference } from "../../delivery/server-ports.ts";
import { StalledError, UpstreamError } from "../../errors.ts";
import { MOST_PAGES, SLOW_REQUEST_TIME_OUT } from "../../limits.ts";
import { bounds, withoutStatus } from "../azure-bounds.ts";
import { isWithoutToken, type OwnCredential, objectIdOf, whyWithoutToken } from "../identity.ts";
import { anotherTokenWhereRefused } from "../refused-token.ts";

/** No member of Microsoft's client; documented in Microsoft Learn, "Use Key Vault references as app settings". */
const REFRESH_VERSION = "2022-03-01";

/** The site with this resource id, through Microsoft's client, which repeats 429 and 5xx itself. */
export function appService(credential: OwnCredential, armUrl: string, resourceId: string): Site {
  const [, , subscription = "", , group = "", , , , name = ""] = resourceId.split("/");
  const arm = createWebSiteManagement(credential, subscription, {
    endpoint: armUrl,
    credentials: { scopes: [`${armUrl}/.default`] },
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
    additionalPolicies: [bounds, anotherTokenWhereRefused],
  });
  const objectId = () => objectIdOf(credential, armUrl);
  const failed = (action: string, failure: unknown) =>
    explained(failure, { action: `${action} App Service "${name}"`, resourceId, objectId });
  const attempt = async <T>(action: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw await failed(action, error);
    }
  };
  return {
    references: () =>
      attempt("read the Key Vault references of", async () => {
        const found: VaultReference[] = [];
        const pages = listAppSettingsKeyVaultReferences(arm, group, name, { abortSignal: soon() }).byPage();
        let seen = 0;
        for await (const page of pages) {
          seen += 1;
          if (seen > MOST_PAGES) throw new Error("Azure keeps returning more pages");
          found.push(...page.map(referenceOf));
        }
        return found;
      }),
    async refresh() {
      const action = "refresh the Key Vault references of";
      const path = `${resourceId}/config/configreferences/appsettings/refresh`;
      const { status, body } = await attempt(action, async () =>
        arm.pathUnchecked(path).post({ abortSignal: soon(), queryParameters: { "api-version": REFRESH_VERSION } }),
      );
      if (!status.startsWith("2")) throw await failed(action, { statusCode: Number(status), body });
    },
    restart: () => attempt("restart", () => restart(arm, group, name, { abortSignal: soon() })),
  };
}

/** All that one call takes, its repetitions included. */
function soon(): AbortSignal {
  return AbortSignal.timeout(SLOW_REQUEST_TIME_OUT);
}

function referenceOf(one: ApiKVReference): VaultReference {
  return {
    setting: one.name ?? "",
    vault: one.vaultName,
    secret: one.secretName,
    pinnedVersion: one.secretVersion || undefined,
    activeVersion: one.activeVersion,
    status: one.status ?? "unknown",
    details: one.details,
  };
}

interface ArmFailure {
  statusCode?: number;
  retryAfterSeconds?: number;
  code?: string;
  name?: string;
  body?: { error?: { code?: string } };
}

interface Where {
  action: string;
  resourceId: string;
  objectId: () => Promise<string>;
}

/**
 * What forbids a change to everybody, whoever has which role. Microsoft Learn: "Lock your resources to protect your
 * infrastructure", "Understand Azure deny assignments", "Azure Policy definitions denyAction effect", "Reactivate a disabled
 * Azure subscription".
 */
const FORBIDDING: Record<string, (resourceId: string) => string> = {
  ScopeLocked: (resourceId) =>
    `Remove the read-only lock on the site, its resource group or its subscription, or replace it with one that only prevents deletion:\naz lock list --subscription ${resourceId.split("/")[2]} --query "[?level=='ReadOnly'].id" --output tsv`,
  ReadOnlyDisabledSubscription: () =>
    "Reactivate the subscription of the site: it is disabled, so nothing in it can change",
  RequestDisallowedByPolicy: () =>
    "Exempt the site from the Azure Policy that denies it; the activity log of the site names the policy",
  DenyAssignmentAuthorizationFailed: () =>
    "Exclude the app's identity from the deny assignment on the site (Access control > Deny assignments); whatever manages the site, such as a deployment stack, made it",
};

async function explained(error: unknown, { action, resourceId, objectId }: Where): Promise<Error> {
  const { statusCode: status = 0, code, name, body, retryAfterSeconds = 0 } = (error ?? {}) as ArmFailure;
  const word = body?.error?.code ?? code;
  const answered = `Azure answered ${status} ${word ?? name ?? "unknown"}`;
  const message = `Cannot ${action}: ${status === 0 ? withoutStatus({ name }, word) : answered}`;
  if (isWithoutToken(error))
    return new UpstreamError(message, { service: "Entra", ...whyWithoutToken(error), cause: error });
  const forbids = FORBIDDING[word ?? ""];
  if (forbids) {
    const hint = forbids(resourceId);
    return new StalledError("app-service-locked", message, { hint, cause: error });
  }
  if (word === "InvalidAuthenticationTokenTenant") {
    const hint = "Correct APP_SERVICE_ID: its subscription belongs to another tenant than the app's identity";
    return new StalledError("tenant-mismatch", message, { hint, cause: error });
  }
  if (status === 403) {
    return new StalledError("app-service-forbidden", message, {
      hint: `Give the app's identity the role "Website Contributor" on the site:\naz role assignment create --role 'Website Contributor' --assignee-object-id ${await objectId()} --assignee-principal-type ServicePrincipal --scope '${resourceId}'`,
      cause: error,
    });
  }
  if (status === 404) {
    const hint = "Correct APP_SERVICE_ID: no such site exists";
    return new StalledError("app-service-misconfigured", message, { hint, cause: error });
  }
  // 409: another operation is in progress.
  return new UpstreamError(message, {
    service: "App Service",
    status,
    retryAfterSeconds,
    cause: error,
    ...(status === 409 ? { code: "app-service-unavailable" } : {}),
  });
}
