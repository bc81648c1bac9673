import { deploymentView } from "../../shared/page/deployment-view.ts";
import { documentOf } from "../../shared/page/document.ts";
import { overview } from "../../shared/page/overview.ts";
import { refusalPage } from "../../shared/page/refusal.ts";
import { type Listed, sightingOf } from "../../shared/page/sighting.ts";
import { readWish } from "../../shared/page/wish.ts";
import { appConditions } from "../../shared/status/app-conditions.ts";
import { type Condition, worst } from "../../shared/status/condition.ts";
import { type CredentialRead, credentialConditions } from "../../shared/status/credential-conditions.ts";
import { deploymentConditions, isSetUp } from "../../shared/status/deployment-conditions.ts";
import type { DeploymentStatus } from "../../shared/status/deployment-status.ts";
import { botToken, clientSecret, current, day, hour, JUDGING, NOW } from "../status/facts.ts";

type Read = Omit<DeploymentStatus, "verdict" | "conditions" | "credentials"> & { credentials: CredentialRead[] };

const registered = (clientId: string) => ({
  found: true as const,
  clientId,
  applicationObjectId: "6b1f3a52-0000-4000-8000-000000000001",
  servicePrincipalObjectId: "6b1f3a52-0000-4000-8000-000000000002",
  appIdUris: [`api://${clientId}`],
  redirectUris: { spa: ["https://catalogue.example.com/callback"], web: [] },
});

/** What status tells of one deployment, of which all is well but for the changes: judged as the app judges it. */
export function status(changes: Partial<Read> = {}): DeploymentStatus {
  const read: Read = {
    deployment: "catalogue",
    on: NOW,
    authority: "https://login.microsoftonline.com/5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
    identity: { objectId: "0d9f6f0e-0000-4000-8000-00000000000a", graphPermissions: { held: [], missing: [] } },
    registrations: {
      server: registered("1c7e52d8-0000-4000-8000-000000000010"),
      ingestion: registered("2d8f63e9-0000-4000-8000-000000000020"),
    },
    openMetadata: {
      url: "https://catalogue.example.com",
      version: "1.12.6",
      bot: "ingestion-bot",
      botCredential: { kind: "jwt", because: "OpenMetadata 1.12.6 does not support Azure SSO for bots" },
      obstacles: [],
      access: { user: "openmetadata-entra", isAdmin: true },
    },
    drift: { findings: [], unread: [] },
    credentials: [clientSecret(), botToken()],
    ...changes,
  };
  const judging = { ...JUDGING, isSetUp: isSetUp(read.registrations) };
  const credentials = read.credentials.map((one) => {
    const conditions = credentialConditions(one, judging);
    return { ...one, verdict: worst(conditions.map(({ verdict }) => verdict)), conditions };
  });
  const conditions = deploymentConditions({ ...read, credentials });
  const verdict = worst([...conditions, ...credentials].map((one) => one.verdict));
  return { ...read, credentials, conditions, verdict };
}

const previous = { keyId: "previous", issuedOn: day(-71), expiresOn: day(19) };
const next = { keyId: "next", issuedOn: hour(-20), expiresOn: day(89) };
const unreadVault = {
  error: 'Cannot read secret "catalogue-ingestion-client-secret": the vault refuses',
  code: "vault-forbidden",
  hint: "Give the identity the role Key Vault Secrets Officer:\naz role assignment create --role 'Key Vault Secrets Officer' --assignee 0d9f6f0e --scope VAULT",
} as const;
const down = {
  error: "Cannot reach OpenMetadata: connection refused",
  code: "openmetadata-unreachable",
  hint: "See whether the server runs",
} as const;

/** The life of a client secret at its turns, and each kind of trouble. */
export const SCENES: Record<string, () => DeploymentStatus> = {
  healthy: () => status(),
  "next one proven": () =>
    status({
      credentials: [
        clientSecret({
          current: current({ storedOn: day(-60), issuedOn: day(-61), expiresOn: day(30), deliveredOn: day(-60) }),
          staged: {
            ...current({
              keyId: "next",
              issuedOn: hour(-20),
              storedOn: hour(-20),
              provenOn: hour(-19),
              expiresOn: day(89),
              deliveredOn: undefined,
              delivery: undefined,
              confirmedOn: undefined,
            }),
            stage: "proven",
          },
          inEntra: { managed: [{ keyId: "current", issuedOn: day(-61), expiresOn: day(30) }, next], foreign: 0 },
          plan: { stageOn: hour(-20), dueOn: hour(4), retireOn: day(-53) },
          later: [{ kind: "promote", on: hour(4), target: "next" }],
        }),
        botToken(),
      ],
    }),
  rotating: () =>
    status({
      credentials: [
        clientSecret({
          current: current({
            storedOn: day(-2),
            issuedOn: day(-3),
            provenOn: day(-3),
            expiresOn: day(87),
            deliveredOn: day(-2),
            confirmedOn: day(-1.9),
            checkedOn: hour(-5),
          }),
          inEntra: { managed: [{ keyId: "current", issuedOn: day(-3), expiresOn: day(87) }, previous], foreign: 1 },
          plan: { stageOn: day(56), dueOn: day(57), retireOn: day(5) },
          later: [
            { kind: "retire", on: day(5), target: "previous" },
            { kind: "issue", on: day(56), target: "x" },
            { kind: "promote", on: day(57), target: "x" },
          ],
        }),
        botToken({ later: [{ kind: "issue", on: day(50), target: "x" }] }),
      ],
      drift: {
        findings: [
          {
            kind: "principal-domain",
            severity: "notice",
            what: "Addresses of any domain are accepted",
            do: "Choose who may come in",
          },
          {
            kind: "sso-ignored",
            severity: "warning",
            what: "The bot holds a client secret that this release ignores",
            do: "Nothing, once the runner has moved",
            accepted: "the runner outside reads it until June",
          },
        ],
        unread: [],
      },
    }),
  "readers of the vault": () =>
    status({
      credentials: [
        clientSecret({
          current: current({
            storedOn: hour(-4),
            issuedOn: day(-1),
            provenOn: day(-1),
            expiresOn: day(89),
            deliveredOn: undefined,
            confirmedOn: undefined,
            delivery: undefined,
            stage: "current",
            readUntil: hour(20),
          }),
          inEntra: { managed: [{ keyId: "current", issuedOn: day(-1), expiresOn: day(89) }, previous], foreign: 0 },
          plan: { stageOn: day(58), dueOn: day(59), retireOn: undefined },
          later: [{ kind: "push", on: hour(20), target: "current", waits: "readers-pending" }],
        }),
        clientSecret({
          credential: "server-client-secret",
          secret: "catalogue-server-client-secret",
          current: current({ delivery: "assumed", readUntil: day(-9) }),
        }),
      ],
    }),
  "removed in Entra": () =>
    status({
      credentials: [
        clientSecret({
          current: current({ inEntra: false }),
          inEntra: { managed: [], foreign: 0 },
          dueNow: { kind: "issue", because: "no longer in Entra", target: "x", since: undefined },
        }),
        botToken(),
      ],
    }),
  "not delivered": () =>
    status({
      credentials: [
        clientSecret({
          current: current({
            storedOn: day(-1),
            deliveredOn: undefined,
            confirmedOn: undefined,
            delivery: undefined,
            stage: "current",
          }),
          dueNow: { kind: "push", because: "not delivered", target: "current", since: day(-1) },
        }),
        botToken(),
      ],
    }),
  "too many secrets": () =>
    status({
      credentials: [
        clientSecret({ blocked: "5 client secrets of this app exist already", code: "too-many-credentials" }),
        botToken(),
      ],
    }),
  "vault refuses": () =>
    status({
      credentials: [
        { credential: "ingestion-client-secret", secret: "catalogue-ingestion-client-secret", ...unreadVault },
        botToken(),
      ],
    }),
  "server down": () =>
    status({
      openMetadata: { url: "https://catalogue.example.com", ...down, access: down },
      drift: { findings: [], unread: [{ what: "the server's own keys", ...down }] },
    }),
  "not set up": () =>
    status({
      registrations: {
        server: { found: false, hint: "Call POST /api/provision" },
        ingestion: { found: false, hint: "Call POST /api/provision" },
      },
      credentials: [
        {
          credential: "ingestion-client-secret",
          secret: "x",
          error: 'Cannot rotate "x": its app registration does not exist',
          code: "registration-missing",
          hint: "Call POST /api/provision, then POST /api/consent",
        },
        { credential: "bot-token", secret: "x", unused: "OpenMetadata 1.2.5 signs bots in with Azure SSO" },
      ],
    }),
  "a right is missing": () =>
    status({
      identity: {
        objectId: "0d9f6f0e",
        graphPermissions: {
          held: [],
          missing: [
            {
              permission: "Application.ReadWrite.OwnedBy",
              neededFor: "provisioning and rotation",
              command:
                "az rest --method post --url https://graph.microsoft.com/v1.0/servicePrincipals/0d9f6f0e/appRoleAssignments",
            },
          ],
        },
      },
    }),
  "open to misuse": () =>
    status({
      drift: {
        findings: [
          {
            kind: "default-admin",
            severity: "critical",
            what: "The default admin still exists, and anybody may sign in with its published password",
            do: "Call POST /api/harden, which deletes it once the administrators of INITIAL_ADMINS are there",
          },
          {
            kind: "registration",
            severity: "warning",
            what: 'Registration "catalogue-server" lacks redirect URI https://catalogue.example.com/callback',
            do: "Call POST /api/provision, with dryRun first; nothing that was added by hand is taken away",
          },
        ],
        unread: [],
      },
    }),
  "hostile names": () =>
    status({
      deployment: "catalogue",
      drift: {
        findings: [
          {
            kind: "registration",
            severity: "warning",
            what: `<img src=x onerror=alert(1)> "'&`,
            do: "</pre><script>alert(1)</script>\naz <b>",
          },
        ],
        unread: [],
      },
    }),
};

const API = {
  origin: "https://func-openmetadata.azurewebsites.net",
  audience: "3e907b1f-0000-4000-8000-000000000030",
};

/** One deployment as a page. */
export function onePage(told: DeploymentStatus, app: Condition[] = []): string {
  const main = deploymentView(told, { api: API, alone: false, app });
  return documentOf({
    title: `${told.deployment} · OpenMetadata Entra`,
    main,
    on: NOW,
    refresh: 30,
    json: "status?deployment=catalogue",
  });
}

const WORDS = "sales research finance people care legal risk supply retail energy labs north south east west".split(
  " ",
);
const PLACES = "catalogue lake market hub atlas".split(" ");

/** So many deployments, most of them well; of some nobody has seen anything yet. */
export function fleet(size: number): Listed[] {
  const bad = ["server down", "removed in Entra", "open to misuse", "next one proven", "rotating"];
  return Array.from({ length: size }, (_, place): Listed => {
    const name = `${WORDS[place % 15]}-${PLACES[Math.floor(place / 15) % 5]}${place < 75 ? "" : `-${Math.floor(place / 75)}`}`;
    const url = `https://${name}.example.com`;
    if (size > 100 && place % 50 === 49) return { deployment: name, url };
    const scene = place % 17 === 3 ? (bad[Math.floor(place / 17) % 5] ?? "healthy") : "healthy";
    const sighting = sightingOf(SCENES[scene]?.() ?? status());
    return { ...sighting, deployment: name, url };
  });
}

/** The only deployment is well, but the timer has stopped. */
export function silentPage(): string {
  const timer = { ranOn: hour(-9), nextOn: hour(-8), silent: true, hint: "The timer has not run since: see the log" };
  return onePage(status(), appConditions({ timer, queue: { messages: 0, poisoned: 0 } }, []));
}

const engine = { timer: { ranOn: hour(-0.4), nextOn: hour(0.6), silent: false }, queue: { messages: 3, poisoned: 0 } };

/** All deployments as a page. */
export function overviewPage(listed: readonly Listed[], query = ""): string {
  const wish = readWish(new URLSearchParams(query));
  if (wish.kind === "one") throw new Error("The overview shows no single deployment");
  const main = overview({ listed, app: appConditions(engine, []), wish, now: NOW });
  return documentOf({ title: "All deployments · OpenMetadata Entra", main, on: NOW, refresh: 30, json: "status" });
}

/** What stands in the place of the page. */
export const REFUSALS: Record<string, () => string> = {
  "sign in": () =>
    refusalPage({ code: "caller-unknown", detail: "", hint: "", signsIn: true, path: "/api/page", api: API }),
  "sign-in is not switched on": () =>
    refusalPage({ code: "caller-unknown", detail: "", hint: "", signsIn: false, path: "/api/page", api: API }),
  "role missing": () =>
    refusalPage({
      code: "caller-role-missing",
      detail: "Cannot accept the request",
      hint: 'Assign the app role "Automation.Read"',
      signsIn: true,
      path: "/api/page",
      api: API,
    }),
};
