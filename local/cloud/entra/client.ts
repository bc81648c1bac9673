import type { Directory } from "../directory/create-directory.ts";
import type { Secret } from "../directory/secret.ts";
import type { ServicePrincipal } from "../directory/service-principal.ts";
import { applicationWithAppId, servicePrincipalWithAppId } from "../directory/state.ts";
import { refuse } from "./refusal.ts";

/** Who wants to sign in, where, and with what. */
export interface Attempt {
  tenantId: string;
  clientId: string;
  secret: string;
}

/**
 * Signs a client in with its secret; throws for every reason not to. Of another tenant nothing is known but that it is
 * there. The secret may be the application's or its service principal's. New applications and service principals are known
 * at once, unlike their secrets (a choice: the delay of both together has not been told apart in public reports).
 */
export function signIn(directory: Directory, { tenantId, clientId, secret }: Attempt): ServicePrincipal {
  const { state } = directory;
  const application = applicationWithAppId(state, clientId);
  if (!application || tenantId !== directory.tenantId) {
    throw refuse(
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenantId}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  const principal = servicePrincipalWithAppId(state, clientId);
  checkSecret([...application.secrets, ...(principal?.secrets ?? [])], { clientId, secret }, directory);
  if (!principal) {
    throw refuse(
      7000229,
      `The client application ${clientId} is missing service principal in the tenant ${tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    );
  }
  if (!principal.accountEnabled) {
    throw refuse(7000112, `Application '${clientId}'(${application.displayName}) is disabled.`);
  }
  return principal;
}

function checkSecret(
  secrets: Secret[],
  { clientId: appId, secret: value }: Pick<Attempt, "clientId" | "secret">,
  { state, replication }: Directory,
): void {
  const now = state.clock.now().getTime();
  const isKnown = (secret: Secret): boolean =>
    secret.value === value &&
    secret.addedAt + replication.secrets <= now &&
    new Date(secret.startDateTime).getTime() <= now;
  const secret = secrets.find(isKnown);
  if (!secret) {
    throw refuse(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
    );
  }
  if (new Date(secret.endDateTime).getTime() <= now) {
    throw refuse(
      7000222,
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }
}
