import type { Finding } from "../../shared/hygiene/finding.ts";
import type { Application, Changes, Desired } from "../../shared/registration/application.ts";
import { accessTo, desiredIngestion, desiredServer } from "../../shared/registration/desired.ts";
import { EMPTY, planRegistration } from "../../shared/registration/plan.ts";
import type { Ports, Question } from "../../shared/status/deployment-status.ts";
import { policy } from "../rotation/client-secret/planned.ts";
import { NOW } from "./facts.ts";

const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const AUTHORITY = `https://login.microsoftonline.com/${TENANT}`;
export const KEYS = `${AUTHORITY}/discovery/v2.0/keys`;
export const OWN = "own-app";

export const question: Question = {
  tenantId: TENANT,
  deployment: {
    name: "production",
    openMetadataUrl: "https://catalog.example.com",
    signInFlow: "implicit",
    extraRedirectUris: [],
    botName: "ingestion-bot",
    botCredential: "auto",
    acceptedFindings: {},
  },
  sharesIdentityWith: [],
  policy,
  lateAfter: 2 * 3_600_000,
  now: NOW,
};

/** As provisioning leaves a registration. */
function made(desired: Desired, appId: string): Application {
  const [step] = planRegistration(desired, { application: undefined, servicePrincipalId: undefined });
  const body: Changes = step?.kind === "create-registration" ? step.body : {};
  return {
    ...EMPTY,
    ...body,
    id: `${appId}-object`,
    appId,
    createdByAppId: OWN,
    identifierUris: [`api://${appId}`],
    web: { ...EMPTY.web, ...body.web },
    api: { ...EMPTY.api, ...body.api },
  };
}

const intent = { tenantId: TENANT, ...question.deployment };
const server = made(desiredServer(intent), "server");
const ingestion = made(desiredIngestion(intent, accessTo(desiredServer(intent), "server", server)), "ingestion");

/** What stands around a deployment of which all is well; each part may be replaced. */
export interface Surroundings {
  found: Record<string, Application | undefined>;
  principals: Record<string, { id: string; createdByAppId?: string } | undefined>;
  settings: Partial<Awaited<ReturnType<Ports["hygiene"]["server"]["settings"]>>>;
  /** What calls to the server come to instead, by name. */
  server: Partial<Ports["hygiene"]["server"] & Ports["openMetadata"]>;
  credentials: ReturnType<Ports["credentials"]>;
  usesOwnToken: boolean;
  graphPermissions: string[];
}

export const fine = { server, ingestion };

/** The ports of such a deployment, and what its server was asked, in order. */
export function surroundings(change: Partial<Surroundings> = {}): { ports: Ports; asked: string[] } {
  const asked: string[] = [];
  const found = change.found ?? { "production-server": server, "production-ingestion": ingestion };
  const told =
    <T>(name: string, answer: T) =>
    async () => {
      asked.push(name);
      return answer;
    };
  const openMetadata = {
    version: told("version", "1.9.17"),
    signInConfiguration: told("signInConfiguration", {
      publicKeyUrls: [KEYS],
      jwtPrincipalClaims: ["email", "preferred_username", "sub"],
      principalDomain: "example.com",
      enforcePrincipalDomain: false,
    }),
    bot: told("bot", { name: "ingestion-bot", userId: "bot-user", userName: "ingestion-bot" }),
    mechanism: told("mechanism", { authType: "JWT", ssoServiceType: undefined, azure: undefined }),
    ...change.server,
  };
  const settings = {
    provider: "azure",
    authority: AUTHORITY,
    clientId: "server",
    callbackUrl: "https://catalog.example.com/callback",
    clientType: "public",
    publicKeyUrls: [KEYS, "https://catalog.example.com/api/v1/system/config/jwks"],
    enforcePrincipalDomain: true,
    adminPrincipals: ["alice"],
    storedAdmins: undefined,
    ...change.settings,
  };
  const ports: Ports = {
    authority: AUTHORITY,
    graphUrl: "https://graph.microsoft.com",
    names: { server: { uniqueName: "production-server" }, ingestion: { uniqueName: "production-ingestion" } },
    identity: async () => ({
      objectId: "own-object",
      appId: OWN,
      graphPermissions: change.graphPermissions ?? ["Application.ReadWrite.OwnedBy"],
    }),
    provisioning: {
      registrations: {
        find: async (name) => found["appId" in name ? name.appId : name.uniqueName],
        findServicePrincipal: async (appId) =>
          change.principals ? change.principals[appId] : { id: `${appId}-principal`, createdByAppId: OWN },
      },
    },
    credentials: () => change.credentials ?? [],
    openMetadata,
    delivery: { usesOwnToken: change.usesOwnToken ?? true, keysUrl: KEYS },
    hygiene: {
      deployment: { name: "production", initialAdmins: [] },
      server: {
        version: openMetadata.version,
        settings: told("settings", settings),
        ownKeyIds: told("ownKeyIds", ["their-own"]),
        userExists: told("userExists", false),
        administrators: told("administrators", []),
        deleteUser: told("deleteUser", undefined),
        whoAmI: told("whoAmI", { name: "own-object", isAdmin: true }),
        ...change.server,
      },
      vault: "prod-kv",
      ownObjectId: async () => "own-object",
      log: () => undefined,
    },
  };
  return { ports, asked };
}

/** The kinds of findings, for short. */
export const kinds = (findings: readonly Finding[]): string[] => findings.map(({ kind }) => kind);
