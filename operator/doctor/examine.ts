import type { TokenCredential } from "@azure/identity";
import { lookAtApp } from "./app.ts";
import { azureResources } from "./azure-resources.ts";
import { accountOf, lookAtEvents } from "./events.ts";
import { type Finding, red, unseen } from "./finding.ts";
import { lookAtQueues } from "./queues.ts";
import { lookAtSite } from "./site.ts";
import { judgeStatus, readStatus, type Status } from "./status.ts";
import { lookAtTimer, patienceWith } from "./timer.ts";
import { lookAtVault } from "./vault.ts";

export interface Patient {
  url: string;
  audience: string | undefined;
  /** Resource ids. */
  appId: string | undefined;
  vaultId: string | undefined;
}

export interface Means {
  tokenFor(scope: string): Promise<string>;
  /** The origins of Azure Resource Manager and of Application Insights' query API. */
  arm: string;
  insights: string;
  now(): Date;
  /** Told of each finding as it comes. */
  tell(finding: Finding): void;
}

/** Looks at everything, one part after another; none hides the others. Writes nothing. */
export async function examine(patient: Patient, means: Means): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (some: readonly Finding[]): void => {
    for (const one of some) means.tell(one);
    findings.push(...some);
  };
  const azure = azureResources(means.arm, () => means.tokenFor(`${means.arm}/.default`));
  const { appId, url } = patient;
  let settings: Record<string, string> = {};
  const site = await guarded("app", async () => {
    if (appId === undefined) return [unseen("app", "no function app given", "--app <AZURE_FUNCTION_APP_ID>")];
    const look = await lookAtSite(azure, { appId, url });
    settings = look.settings;
    return look.findings;
  });
  const audience = patient.audience ?? settings.API_AUDIENCE;
  const app = await lookAtApp(url, { token: await tokenFor(audience, means), now: means.now });
  add(app.findings);
  add(site);
  const status = readStatus(app.status);
  if (status) add(judgeStatus(status));
  else if (app.status !== undefined)
    add([red("status", "the app runs a different release than this doctor", "Run the doctor of the deployed release")]);
  add(await examineAzure(patient, means, { settings, status }));
  return findings;
}

/** What the vault, Event Grid, storage and Application Insights tell. */
async function examineAzure(
  { appId, vaultId }: Patient,
  means: Means,
  { settings, status }: { settings: Record<string, string>; status: Status | undefined },
): Promise<Finding[]> {
  const azure = azureResources(means.arm, () => means.tokenFor(`${means.arm}/.default`));
  const identity = status?.deployments[0]?.identity.objectId;
  const secrets = (status?.deployments ?? []).flatMap(({ credentials }) =>
    credentials.flatMap(({ secret, unused }) => (secret && !unused ? [secret] : [])),
  );
  const now = means.now();
  const queues = settings.AzureWebJobsStorage__queueServiceUri;
  const credential: TokenCredential = {
    async getToken(scopes) {
      const scope = Array.isArray(scopes) ? (scopes[0] ?? "") : String(scopes);
      return { token: await means.tokenFor(scope), expiresOnTimestamp: now.getTime() + 10 * 60 * 1000 };
    },
  };
  const inVault =
    vaultId === undefined
      ? [async () => [unseen("vault", "no vault given", "--vault <KEY_VAULT_ID>")]]
      : [
          () => lookAtVault(azure, { vaultId, identity, vaultUrl: settings.KEY_VAULT_URL }),
          () => lookAtEvents(azure, { vaultId, appId, account: accountOf(queues), secrets, now }),
        ];
  const token = () => means.tokenFor(`${means.insights}/.default`);
  const parts = await Promise.all([
    ...inVault.map((look) => guarded("vault", look)),
    guarded("queues", () => lookAtQueues(queues, credential)),
    guarded("timer", () =>
      lookAtTimer(settings.APPLICATIONINSIGHTS_CONNECTION_STRING, {
        origin: means.insights,
        token,
        now,
        patience: patienceWith(settings.ROTATION_SCHEDULE),
      }),
    ),
  ]);
  return parts.flat();
}

/** A part that cannot be looked at at all, for example for want of a sign-in, says so. */
async function guarded(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const hint = error instanceof Error && "hint" in error ? String(error.hint) : undefined;
    return [unseen(check, error instanceof Error ? error.message : String(error), hint)];
  }
}

async function tokenFor(
  audience: string | undefined,
  { tokenFor }: Means,
): Promise<Parameters<typeof lookAtApp>[1]["token"]> {
  if (audience === undefined)
    return { kind: "none", because: "the app's API registration is not known", do: "--audience <API_AUDIENCE>" };
  try {
    return { kind: "token", value: await tokenFor(`api://${audience.replace(/^api:\/\//, "")}/.default`) };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    const todo =
      "npm run permit makes the registration and lets az ask for tokens; you get a role in Entra: Enterprise applications, the API, Users and groups";
    return { kind: "none", because, do: todo };
  }
}
