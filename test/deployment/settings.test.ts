import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PLAIN_DEPLOYMENT } from "../../shared/deployment/deployment.ts";
import { namesAudience, timerSchedule } from "../../shared/deployment/environment.ts";
import { readCallerSettings, readSettings, SETTING_NAMES } from "../../shared/deployment/settings.ts";
import { SettingsError } from "../../shared/errors.ts";

const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const least = {
  TENANT_ID: TENANT,
  KEY_VAULT_URL: "https://vault.vault.azure.net",
  OPENMETADATA_URL: "https://openmetadata.example.com",
};

const NO_REDIRECT_URI =
  "must be https:// URLs of at most 256 characters, separated by commas, without blanks, # or any of !$'();*";
const NO_BLOB = "must be https://<account>/<container>/<blob>, without a password";

function faults(env: Record<string, string | undefined>): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
}

/** Those that are given by the settings themselves. */
function deploymentsOf({ source }: ReturnType<typeof readSettings>) {
  return source.kind === "given" ? source.deployments : [];
}

describe("readSettings()", () => {
  it("fills in the defaults", () => {
    expect(readSettings(least)).toEqual({
      tenantId: TENANT,
      keyVaultUrl: "https://vault.vault.azure.net",
      authorityHost: "https://login.microsoftonline.com",
      graphUrl: "https://graph.microsoft.com",
      armUrl: "https://management.azure.com",
      apiAudience: undefined,
      managedIdentityClientId: undefined,
      source: {
        kind: "given",
        deployments: [
          {
            name: "openmetadata",
            openMetadataUrl: "https://openmetadata.example.com",
            signInFlow: "implicit",
            extraRedirectUris: [],
            principalDomain: "open-metadata.org",
            initialAdmins: [],
            botName: "ingestion-bot",
            botCredential: "auto",
            appServiceRestart: false,
            acceptedFindings: {},
            allowHttp: false,
          },
        ],
        faults: [],
      },
      rotation: { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 },
      readWithinHours: 24,
      notifyExpiringDays: 7,
      rotationSchedule: "0 0 * * * *",
    });
  });

  it("takes an empty value for one that is not set", () => {
    expect(readSettings({ ...least, DEPLOYMENTS: "", API_AUDIENCE: "", SECRET_LIFETIME_DAYS: "" })).toEqual(
      readSettings(least),
    );
  });

  it("forgives trailing slashes, keeps a base path, and splits lists at commas", () => {
    const read = readSettings({
      ...least,
      OPENMETADATA_URL: "https://example.com/catalogue/",
      KEY_VAULT_URL: "https://vault.vault.azure.net/",
      EXTRA_REDIRECT_URIS: "https://a.example.com/callback, https://b.example.com/callback,",
      INITIAL_ADMINS: "ada, grace",
    });
    expect(read.keyVaultUrl).toBe("https://vault.vault.azure.net");
    expect(deploymentsOf(read)[0]).toMatchObject({
      openMetadataUrl: "https://example.com/catalogue",
      extraRedirectUris: ["https://a.example.com/callback", "https://b.example.com/callback"],
      initialAdmins: ["ada", "grace"],
    });
  });

  it.each(["[ada,grace]", "[ ada, grace ]", '["ada","grace"]', "['ada', 'grace']", "ada,,grace,", " ada , grace "])(
    "reads the list %j",
    (text) => {
      expect(deploymentsOf(readSettings({ ...least, INITIAL_ADMINS: text }))[0]?.initialAdmins).toEqual([
        "ada",
        "grace",
      ]);
    },
  );

  it.each([
    ...['"ada"x', "ada grace", "ada;grace", "[ada,grace", "ada,[grace]", '"ada,grace"'],
    ...["“ada”", "ada\u200B", "@example.com", "ada@", "ada@example.com@x", "Ada<ada@example.com>"],
  ])("refuses the list %j", (text) => {
    expect(faults({ ...least, INITIAL_ADMINS: text })).toEqual(
      expect.arrayContaining(["INITIAL_ADMINS must be names or e-mail addresses, separated by commas"]),
    );
  });

  it("writes GUIDs as Entra does, in lower case", () => {
    const upper = "5A1F0C52-6A1E-4C7E-9D54-0A3F5B8F1C11";
    const names = ["TENANT_ID", "API_AUDIENCE", "AZURE_CLIENT_ID", "SERVER_CLIENT_ID"];
    const read = readSettings({ ...least, ...Object.fromEntries(names.map((name) => [name, upper])) });
    const { tenantId, apiAudience, managedIdentityClientId } = read;
    const ids = [tenantId, apiAudience, managedIdentityClientId, deploymentsOf(read)[0]?.serverClientId];
    expect(ids).toEqual(ids.map(() => TENANT));
    expect(readSettings({ ...least, API_AUDIENCE: `API://${upper}` }).apiAudience).toBe(TENANT);
  });

  it("forgives blanks around a value, and takes nothing but blanks for one that is not set", () => {
    const loose = { TENANT_ID: ` ${TENANT}\n`, API_AUDIENCE: " ", SIGN_IN_FLOW: "implicit ", DEPLOYMENTS: "\t" };
    expect(readSettings({ ...least, ...loose })).toEqual(readSettings(least));
  });

  it.each([
    [
      "OPENMETADATA_URL",
      "https://om.example.com/api",
      "must be where people open OpenMetadata, without /api at its end",
    ],
    [
      "OPENMETADATA_URL",
      "https://om.example.com/api/",
      "must be where people open OpenMetadata, without /api at its end",
    ],
    [
      "OPENMETADATA_URL",
      "https://om.example.com/base/api/v1",
      "must be where people open OpenMetadata, without /api at its end",
    ],
    ["OPENMETADATA_URL", "https://om.example.com/?a=b", "must have no query, no fragment and no password"],
    ["OPENMETADATA_URL", "https://om.example.com/#/my-data", "must have no query, no fragment and no password"],
    ["OPENMETADATA_URL", "https://me:secret@om.example.com", "must have no query, no fragment and no password"],
    ["KEY_VAULT_URL", "https://vault.vault.azure.net/secrets", "must be https://<host>, without a path"],
    ["KEY_VAULT_URL", "https://vault.vault.azure.net?x=1", "must be https://<host>, without a path"],
    ["AUTHORITY_HOST", "https://login.microsoftonline.com/common", "must be https://<host>, without a path"],
    ["GRAPH_URL", "https://graph.microsoft.com/v1.0/", "must be https://<host>, without a path"],
    ["ARM_URL", "https://management.azure.com/subscriptions", "must be https://<host>, without a path"],
  ])("refuses %s=%s with the right form", (name, value, fault) => {
    expect(faults({ ...least, [name]: value })).toEqual([`${name} ${fault}`]);
  });

  it.each([
    ["HTTPS://OM.Example.com/Catalogue/", "https://om.example.com/Catalogue"],
    ["https://om.example.com:443", "https://om.example.com"],
    ["https://om.example.com?", "https://om.example.com"],
    ["https://om.example.com/#", "https://om.example.com"],
    ["https://om.example.com/./base//", "https://om.example.com/base"],
    ["https://ömd.example.com", "https://xn--md-eka.example.com"],
    ["http://openmetadata_server.localhost:8585/", "http://openmetadata_server.localhost:8585"],
    ["http://[::1]:8585", "http://[::1]:8585"],
  ])("reads OPENMETADATA_URL=%s as browsers write it, whose callback Entra compares letter by letter", (typed, url) => {
    expect(deploymentsOf(readSettings({ ...least, OPENMETADATA_URL: typed }))[0]?.openMetadataUrl).toBe(url);
  });

  it.each(["KEY_VAULT_URL", "AUTHORITY_HOST", "GRAPH_URL", "ARM_URL"])(
    "reads %s in lower case: it is compared with what servers show",
    (name) => {
      const origins = (typed: string): unknown[] => {
        const { keyVaultUrl, authorityHost, graphUrl, armUrl } = readSettings({ ...least, [name]: typed });
        return [keyVaultUrl, authorityHost, graphUrl, armUrl];
      };
      for (const typed of ["HTTPS://Some.Example.net/", "https:some.example.net", "https://some.example.net:443"]) {
        expect(origins(typed)).toContain("https://some.example.net");
      }
    },
  );

  it.each([
    ["OPENMETADATA_URL", "https://a.example.com,https://b.example.com", "must be a single URL"],
    ["KEY_VAULT_URL", "https://a.vault.azure.net,b.vault.azure.net", "must be a single URL"],
    [
      "OPENMETADATA_URL",
      "https://om.example.com/API",
      "must be where people open OpenMetadata, without /api at its end",
    ],
    ...["/signin", "/my-data", "/base/callback/"].map((page) => [
      "OPENMETADATA_URL",
      `https://om.example.com${page}`,
      "must be where people open OpenMetadata, without /signin, /callback or /my-data at its end",
    ]),
    ["DEPLOYMENTS_BLOB", "https://a.blob.core.windows.net/", NO_BLOB],
    ["DEPLOYMENTS_BLOB", "https://a.blob.core.windows.net/container/", NO_BLOB],
    ["DEPLOYMENTS_BLOB", "https://me:secret@a.blob.core.windows.net/c/list.json", NO_BLOB],
  ])("refuses what a slip makes of %s: %s", (name, value, fault) => {
    const { OPENMETADATA_URL, ...general } = least;
    const rest = name === "DEPLOYMENTS_BLOB" ? general : { ...general, OPENMETADATA_URL };
    expect(faults({ ...rest, [name as string]: value })).toEqual([`${name} ${fault}`]);
  });

  it.each([
    "https://a.example.com/cb; https://b.example.com/cb",
    "https://a.example.com/cb https://b.example.com/cb",
    "https://a.example.com/cb\nhttps://b.example.com/cb",
    "https://a.example.com/*",
    "https://a.example.com/cb#x",
    "http://a.example.com/cb",
    "https://me:secret@a.example.com/cb",
    "“https://a.example.com/cb”",
    `https://a.example.com/${"x".repeat(240)}`,
  ])("refuses EXTRA_REDIRECT_URIS=%j, which Entra does not take", (typed) => {
    const [fault, ...more] = faults({ ...least, EXTRA_REDIRECT_URIS: typed });
    expect(fault).toMatch(/^EXTRA_REDIRECT_URIS must be https:\/\/ URLs/);
    expect(more).toEqual([]);
  });

  it("reads redirect URIs with their host in lower case, and the rest as it is", () => {
    const typed = "HTTPS://A.Example.com/CB?x=Y, http://localhost:8585/Callback";
    expect(deploymentsOf(readSettings({ ...least, EXTRA_REDIRECT_URIS: typed }))[0]?.extraRedirectUris).toEqual([
      "https://a.example.com/CB?x=Y",
      "http://localhost:8585/Callback",
    ]);
  });

  it.each(["https://apiary.example.com", "https://om.example.com/my-api", "https://om.example.com/api/catalogue"])(
    "takes OPENMETADATA_URL=%s",
    (url) => expect(faults({ ...least, OPENMETADATA_URL: url })).toEqual([]),
  );

  it.each(["0 0 24 * * *", "0 60 * * * *", "60 * * * * *", "0 0 0 * 13 *", "0 0 0 * * 7", "*/0 * * * * *"])(
    "refuses the schedule %j, which the host cannot read",
    (schedule) => {
      expect(faults({ ...least, ROTATION_SCHEDULE: schedule })).toEqual([
        'ROTATION_SCHEDULE must be an NCRONTAB expression of five or six fields, each within its range, for example "0 0 * * * *"',
      ]);
    },
  );

  it.each(["0 0 0 31 2 *", "0 0 0 30 FEB *", "0 0 31 4,6,9,11 *"])(
    "refuses the schedule %j, which never falls due",
    (schedule) => {
      expect(faults({ ...least, ROTATION_SCHEDULE: schedule })).toEqual(["ROTATION_SCHEDULE never falls due"]);
    },
  );

  it.each([
    ["0 0 0 1 1 *", "30", "180"],
    ["0 0 0 1 * *", "30", "180"],
    ["0 0 0 * * MON", "27", "162"],
    ["0 0 0 * * *", "3", "18"],
    ["0 0 */7 * * *", "1", "6"],
  ])("refuses the schedule %j where a credential is replaced %s days before it ends", (schedule, days, hours) => {
    const short = { SECRET_RENEW_BEFORE_DAYS: days, SECRET_OVERLAP_DAYS: "0", SECRET_STAGE_AHEAD_HOURS: "0" };
    expect(faults({ ...least, ...short, ROTATION_SCHEDULE: schedule })).toEqual([
      `ROTATION_SCHEDULE must fall due at least every ${hours} hours, a quarter of SECRET_RENEW_BEFORE_DAYS; "0 0 * * * *" is every hour`,
    ]);
  });

  it.each([
    ["0 0 0 * * MON", "28"],
    ["0 0 3 * * *", "4"],
    ["0 0 */6 * * *", "1"],
    ["30 5 * * MON-FRI", "30"],
  ])("takes the schedule %j where a credential is replaced %s days before it ends", (schedule, days) => {
    const short = { SECRET_RENEW_BEFORE_DAYS: days, SECRET_OVERLAP_DAYS: "0", SECRET_STAGE_AHEAD_HOURS: "0" };
    expect(faults({ ...least, ...short, ROTATION_SCHEDULE: schedule })).toEqual([]);
  });

  it("takes the audience with or without api://", () => {
    expect(readSettings({ ...least, API_AUDIENCE: TENANT }).apiAudience).toBe(TENANT);
    expect(readSettings({ ...least, API_AUDIENCE: `api://${TENANT}` }).apiAudience).toBe(TENANT);
    expect(faults({ ...least, API_AUDIENCE: "api://my-api" })).toEqual(["API_AUDIENCE must be a GUID"]);
  });

  it("names every fault at once, rules between settings included", () => {
    const bad = {
      TENANT_ID: "contoso",
      OPENMETADATA_URL: "openmetadata",
      SIGN_IN_FLOW: "magic",
      SECRET_LIFETIME_DAYS: "30",
      SECRET_RENEW_BEFORE_DAYS: "30",
      SECRET_OVERLAP_DAYS: "45",
    };
    expect(faults(bad)).toEqual([
      "TENANT_ID must be a GUID",
      "KEY_VAULT_URL is missing",
      "SECRET_RENEW_BEFORE_DAYS must be less than SECRET_LIFETIME_DAYS",
      "SECRET_OVERLAP_DAYS must be less than SECRET_RENEW_BEFORE_DAYS",
      "OPENMETADATA_URL must be an http(s):// URL",
      'SIGN_IN_FLOW must be "implicit" or "auth-code"',
    ]);
  });

  it.each([
    ["SECRET_RENEW_BEFORE_DAYS", "90", "89", "SECRET_RENEW_BEFORE_DAYS must be less than SECRET_LIFETIME_DAYS"],
    ["SECRET_OVERLAP_DAYS", "30", "29", "SECRET_OVERLAP_DAYS must be less than SECRET_RENEW_BEFORE_DAYS"],
    ["SECRET_LIFETIME_DAYS", "731", "730", "SECRET_LIFETIME_DAYS must be at most 730"],
    ["SECRET_STAGE_AHEAD_HOURS", "721", "720", "SECRET_STAGE_AHEAD_HOURS must be at most 720"],
    ["SECRET_LIFETIME_DAYS", "60.5", "60", "SECRET_LIFETIME_DAYS must be a whole number"],
  ])("refuses %s %s, accepts %s", (name, bad, good, fault) => {
    expect(faults({ ...least, [name]: bad })).toEqual([fault]);
    const room = name === "SECRET_RENEW_BEFORE_DAYS" ? { SECRET_STAGE_AHEAD_HOURS: "0", SECRET_OVERLAP_DAYS: "0" } : {};
    expect(faults({ ...least, ...room, [name]: good })).toEqual([]);
  });

  it("refuses a life in which an old secret could not be retired before the next one comes", () => {
    const fault =
      "SECRET_LIFETIME_DAYS must be at least the sum of SECRET_RENEW_BEFORE_DAYS, SECRET_OVERLAP_DAYS, SECRET_STAGE_AHEAD_HOURS and one day";
    const tight = {
      ...least,
      SECRET_RENEW_BEFORE_DAYS: "30",
      SECRET_OVERLAP_DAYS: "7",
      SECRET_STAGE_AHEAD_HOURS: "24",
    };
    expect(faults({ ...tight, SECRET_LIFETIME_DAYS: "38" })).toEqual([fault]);
    expect(faults({ ...tight, SECRET_LIFETIME_DAYS: "39" })).toEqual([]);
  });

  it("never repeats a value, which may be a secret in the wrong place", () => {
    const misplaced = "Xyz8Q~misplaced-secret";
    const env = {
      TENANT_ID: misplaced,
      KEY_VAULT_URL: misplaced,
      OPENMETADATA_URL: misplaced,
      API_AUDIENCE: misplaced,
    };
    expect(faults({ ...env, DEPLOYMENT_NAME: misplaced }).join()).not.toContain(misplaced);
  });
});

describe("readSettings() with DEPLOYMENTS", () => {
  const { OPENMETADATA_URL: _, ...general } = least;
  const two = [
    { name: "blue", openMetadataUrl: "https://blue.example.com/" },
    { name: "green", openMetadataUrl: "https://green.example.com", signInFlow: "auth-code", botName: "bot" },
  ];

  it("reads several", () => {
    const read = readSettings({ ...general, DEPLOYMENTS: JSON.stringify(two) });
    expect(deploymentsOf(read).map(({ name, openMetadataUrl }) => [name, openMetadataUrl])).toEqual([
      ["blue", "https://blue.example.com"],
      ["green", "https://green.example.com"],
    ]);
  });

  it("refuses what is no JSON, no list, empty, or has no entry that can be served, by place", () => {
    const about = (value: unknown) =>
      faults({ ...general, DEPLOYMENTS: typeof value === "string" ? value : JSON.stringify(value) });
    expect(about("{")).toEqual(["DEPLOYMENTS must be JSON"]);
    expect(about([])).toEqual(["DEPLOYMENTS must name at least one deployment"]);
    expect(about([{ name: "blue" }])).toEqual(["DEPLOYMENTS[0].openMetadataUrl is missing"]);
    expect(about({ name: "blue" })).toEqual(["DEPLOYMENTS must be a JSON list"]);
  });

  it("leaves out an entry that is wrong, says what is, and serves the others", () => {
    const { source } = readSettings({ ...general, DEPLOYMENTS: JSON.stringify([two[0], { ...two[1], colour: 1 }]) });
    expect(source).toMatchObject({
      deployments: [{ name: "blue" }],
      faults: ["DEPLOYMENTS[1] has unknown fields: colour"],
    });
  });

  it("reads them from a blob instead, whose address is no secret", () => {
    const url = "https://account.blob.core.windows.net/settings/deployments.json";
    expect(readSettings({ ...general, DEPLOYMENTS_BLOB: url }).source).toEqual({ kind: "blob", url });
    const about = (DEPLOYMENTS_BLOB: string) => faults({ ...general, DEPLOYMENTS_BLOB });
    expect(about(`${url}?sig=abc`)).toEqual([
      "DEPLOYMENTS_BLOB must have no SAS token: the app reads the blob with its managed identity",
    ]);
    expect(about("container/blob")).toEqual(["DEPLOYMENTS_BLOB must be the https:// URL of a blob"]);
    expect(faults({ ...general, DEPLOYMENTS_BLOB: url, DEPLOYMENTS: "[]" })).toEqual([
      "DEPLOYMENTS and DEPLOYMENTS_BLOB are both set: use one or the other",
    ]);
  });

  it("says how a field is called that somebody calls like the plain setting", () => {
    const entry = { deploymentName: "blue", openmetadataUrl: "https://blue.example.com", BOT_NAME: "bot", colour: 1 };
    expect(faults({ ...general, DEPLOYMENTS: JSON.stringify([entry]) })).toEqual([
      "DEPLOYMENTS[0].openMetadataUrl is missing",
      "DEPLOYMENTS[0] has unknown fields: deploymentName (did you mean name?), openmetadataUrl (did you mean openMetadataUrl?), BOT_NAME (did you mean botName?), colour",
    ]);
  });

  it("says what stands where a list belongs", () => {
    const entry = { openMetadataUrl: "https://blue.example.com", initialAdmins: "ada,grace" };
    expect(faults({ ...general, DEPLOYMENTS: JSON.stringify([entry]) })).toEqual([
      'DEPLOYMENTS[0].initialAdmins must be a list, for example ["a", "b"]',
    ]);
    expect(faults({ ...general, DEPLOYMENTS: JSON.stringify(entry) })).toEqual(["DEPLOYMENTS must be a JSON list"]);
  });

  it("reads the example of the README, which has each field and says which setting it stands for", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const [, example = ""] = /### Several deployments[\s\S]*?```json\n([\s\S]*?)```/.exec(readme) ?? [];
    const deployments = deploymentsOf(readSettings({ ...general, DEPLOYMENTS: example }));
    expect(deployments.length).toBeGreaterThan(1);
    const [, table = ""] = /### Several deployments([\s\S]*?)\n## /.exec(readme) ?? [];
    for (const [setting, field] of Object.entries(PLAIN_DEPLOYMENT)) {
      expect(table).toContain(`\`${setting}\` is \`${field}\``);
    }
  });

  it("refuses to guess when plain settings describe a deployment too", () => {
    expect(faults({ ...least, DEPLOYMENTS: JSON.stringify(two) })).toEqual([
      "DEPLOYMENTS and OPENMETADATA_URL are both set: use one or the other",
    ]);
  });
});

describe("local.settings.sample.json", () => {
  const sample = JSON.parse(readFileSync(new URL("../../local.settings.sample.json", import.meta.url), "utf8"));

  it("lists every setting of the schema, and nothing else but what the host itself wants", () => {
    const hosts = ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"];
    const listed = Object.keys(sample.Values).filter((name) => !hosts.includes(name));
    expect(listed.sort()).toEqual([...SETTING_NAMES].sort());
  });

  it("shows the defaults", () => {
    const filled = {
      ...sample.Values,
      KEY_VAULT_URL: least.KEY_VAULT_URL,
      OPENMETADATA_URL: least.OPENMETADATA_URL,
      TENANT_ID: TENANT,
    };
    expect(readSettings(filled)).toEqual(readSettings(least));
  });
});

describe("settings of the credentials of newer releases", () => {
  const SITE =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg.one_(a)-b/providers/Microsoft.Web/sites/om-1";

  it.each([SITE, SITE.toLowerCase(), SITE.toUpperCase()])("APP_SERVICE_ID may be %s", (id) => {
    expect(deploymentsOf(readSettings({ ...least, APP_SERVICE_ID: id }))[0]?.appServiceId).toBe(id);
  });

  it.each([
    `${SITE}/`,
    `${SITE}/slots/staging`,
    `${SITE}?api-version=1`,
    `${SITE}%2F`,
    SITE.replace("om-1", ""),
    SITE.replace("Microsoft.Web", "Microsoft.Compute"),
    SITE.replace("/subscriptions/00000000-0000-0000-0000-000000000001", ""),
    SITE.replace("rg.one_(a)-b", "rg/../other"),
    `https://management.azure.com${SITE}`,
    "om-1",
  ])("APP_SERVICE_ID may not be %s", (id) => {
    expect(faults({ ...least, APP_SERVICE_ID: id })).toEqual([
      "APP_SERVICE_ID must be the resource id of an App Service (/subscriptions/.../providers/Microsoft.Web/sites/...)",
    ]);
  });

  it.each([
    ["true", true],
    ["false", false],
    [undefined, false],
  ])("APP_SERVICE_RESTART %s means %s", (text, means) => {
    expect(deploymentsOf(readSettings({ ...least, APP_SERVICE_RESTART: text }))[0]?.appServiceRestart).toBe(means);
  });

  it("ACCEPTED_FINDINGS is an object of kinds and reasons, as JSON or in DEPLOYMENTS", () => {
    const accepted = { "sso-ignored": "a runner outside reads it" };
    const entry = { openMetadataUrl: "https://om.example.com", acceptedFindings: accepted };
    for (const set of [
      { ...least, ACCEPTED_FINDINGS: JSON.stringify(accepted) },
      { ...least, OPENMETADATA_URL: undefined, DEPLOYMENTS: JSON.stringify([entry]) },
    ]) {
      expect(deploymentsOf(readSettings(set))[0]?.acceptedFindings).toEqual(accepted);
    }
  });

  it.each([
    ["no JSON", "sso-ignored", /^ACCEPTED_FINDINGS must be an object, for example/],
    [
      "a kind that there is not",
      '{"sso":"a runner outside reads it"}',
      /^ACCEPTED_FINDINGS has unknown kinds .* sso-ignored/,
    ],
    ["a reason that says nothing", '{"sso-ignored":"ok"}', /^ACCEPTED_FINDINGS must be a reason of at least 10/],
  ])("ACCEPTED_FINDINGS may not be %s", (_, text, fault) => {
    expect(faults({ ...least, ACCEPTED_FINDINGS: text })).toEqual([expect.stringMatching(fault)]);
  });

  it.each(["yes", "1", "TRUE"])("APP_SERVICE_RESTART may not be %s", (text) => {
    expect(faults({ ...least, APP_SERVICE_RESTART: text })).toEqual(['APP_SERVICE_RESTART must be "true" or "false"']);
  });

  it("APP_SERVICE_RESTART is a boolean in DEPLOYMENTS, or its text", () => {
    const restart = (appServiceRestart: unknown) =>
      deploymentsOf(
        readSettings({
          ...least,
          OPENMETADATA_URL: undefined,
          DEPLOYMENTS: JSON.stringify([{ openMetadataUrl: "https://om.example.com", appServiceRestart }]),
        }),
      )[0]?.appServiceRestart;
    expect([true, false, "true", "false"].map(restart)).toEqual([true, false, true, false]);
  });

  it.each([
    ["0", 0],
    ["720", 720],
  ])("SECRET_READ_WITHIN_HOURS may be %s", (text, hours) => {
    expect(readSettings({ ...least, SECRET_READ_WITHIN_HOURS: text }).readWithinHours).toBe(hours);
  });

  it.each([
    ["-1", "must be at least 0"],
    ["721", "must be at most 720"],
    ["1.5", "must be a whole number"],
    ["soon", "must be a whole number"],
  ])("SECRET_READ_WITHIN_HOURS may not be %s", (text, why) => {
    expect(faults({ ...least, SECRET_READ_WITHIN_HOURS: text })).toEqual([`SECRET_READ_WITHIN_HOURS ${why}`]);
  });

  const own = "must not be a secret that this app writes itself";

  it.each([
    "bot-token",
    "ingestion-client-secret",
    "server-client-secret",
    "Bot-Token-Next",
    "server-client-secret-next",
  ])("OPENMETADATA_TOKEN_SECRET may not be the app's own %s", (kind) => {
    expect(faults({ ...least, OPENMETADATA_TOKEN_SECRET: `openmetadata-${kind}` })).toEqual([
      `OPENMETADATA_TOKEN_SECRET ${own}`,
    ]);
  });

  it.each(["openmetadata-admin-token", "other-bot-token", "openmetadata-bot-token-next-2"])(
    "OPENMETADATA_TOKEN_SECRET may be %s",
    (name) => {
      expect(faults({ ...least, OPENMETADATA_TOKEN_SECRET: name })).toEqual([]);
    },
  );

  it("a deployment's token may not be one that the app writes for another deployment either", () => {
    const [blue, green] = ["blue", "green"].map((name) => ({ name, openMetadataUrl: `https://${name}.example.com` }));
    const DEPLOYMENTS = JSON.stringify([{ ...blue, openMetadataTokenSecret: "green-bot-token" }, green]);
    expect(readSettings({ ...least, OPENMETADATA_URL: undefined, DEPLOYMENTS }).source).toMatchObject({
      deployments: [{ name: "green" }],
      faults: [`DEPLOYMENTS[0].openMetadataTokenSecret ${own}`],
    });
  });
});

describe("settings that would give away what is secret, or set credentials against each other", () => {
  const [one, other] = ["1a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11", "2a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11"];
  const same = (first: string, second: string) => [
    `${first} and ${second} must not be the same: each needs its own registration`,
  ];

  it("refuse one registration for people and for ingestion, whatever its case", () => {
    expect(faults({ ...least, SERVER_CLIENT_ID: one, INGESTION_CLIENT_ID: other })).toEqual([]);
    expect(faults({ ...least, SERVER_CLIENT_ID: one, INGESTION_CLIENT_ID: one.toUpperCase() })).toEqual(
      same("SERVER_CLIENT_ID", "INGESTION_CLIENT_ID"),
    );
  });

  it("refuse one registration for two deployments", () => {
    const blue = { name: "blue", openMetadataUrl: "https://blue.example.com", ingestionClientId: one };
    const green = { name: "green", openMetadataUrl: "https://green.example.com" };
    const about = (change: object) => {
      const DEPLOYMENTS = JSON.stringify([blue, { ...green, ...change }]);
      const { source } = readSettings({ ...least, OPENMETADATA_URL: undefined, DEPLOYMENTS });
      return source.kind === "given" && source.faults;
    };
    expect(about({ ingestionClientId: other })).toEqual([]);
    expect(about({ ingestionClientId: one })).toEqual(
      same("DEPLOYMENTS[0].ingestionClientId", "DEPLOYMENTS[1].ingestionClientId"),
    );
    expect(about({ serverClientId: one })).toEqual(
      same("DEPLOYMENTS[0].ingestionClientId", "DEPLOYMENTS[1].serverClientId"),
    );
  });

  it.each([
    "http://openmetadata.example.com",
    "http://openmetadata:8585",
    "http://10.0.0.4:8585/catalogue",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
  ])("refuse %s, unless that is allowed by name", (url) => {
    expect(faults({ ...least, OPENMETADATA_URL: url })).toEqual([
      'OPENMETADATA_URL must be an https:// URL, because administrators\' tokens would be sent unencrypted; OPENMETADATA_ALLOW_HTTP "true" permits http://',
    ]);
    expect(faults({ ...least, OPENMETADATA_URL: url, OPENMETADATA_ALLOW_HTTP: "true" })).toEqual([]);
  });

  it.each(["http://localhost:8585", "http://om.localhost", "http://127.0.0.1:8585", "http://[::1]:8585"])(
    "let pass %s, which does not leave the machine",
    (url) => expect(faults({ ...least, OPENMETADATA_URL: url })).toEqual([]),
  );

  it("refuse an identity for a server that is signed in to with a token from the vault", () => {
    const both = { ...least, IDENTITY_CLIENT_ID: one, OPENMETADATA_TOKEN_SECRET: "token-of-a-bot" };
    expect(faults(both)).toEqual([
      "IDENTITY_CLIENT_ID has no effect together with OPENMETADATA_TOKEN_SECRET: use one or the other",
    ]);
    expect(deploymentsOf(readSettings({ ...least, IDENTITY_CLIENT_ID: one }))[0]?.identityClientId).toBe(one);
  });
});

describe("the form of a setting", () => {
  const name = "must be 1 to 40 lower-case letters, digits or hyphens, starting with a letter or digit";
  const secret = "must be the name of a Key Vault secret";

  it.each<[setting: string, good: string[], bad: string[], fault: string]>([
    ["DEPLOYMENT_NAME", ["a", "0-a", "a".repeat(40)], ["-a", "A", "a_b", "a".repeat(41)], name],
    ["PRINCIPAL_DOMAIN", ["a", "A-1.example"], ["a b", "a@b"], "must be a domain name"],
    ["OPENMETADATA_TOKEN_SECRET", ["a", "A-0", "a".repeat(127)], ["a_b", "a.b", "a".repeat(128)], secret],
    ["BOT_CREDENTIAL", ["auto", "sso", "jwt"], ["JWT"], 'must be "auto", "sso" or "jwt"'],
    ["SIGN_IN_FLOW", ["implicit", "auth-code"], ["code"], 'must be "implicit" or "auth-code"'],
    ["EXTRA_REDIRECT_URIS", ["http://localhost/b", "https://a/b"], ["ftp://a", "a"], NO_REDIRECT_URI],
    [
      "EXTRA_REDIRECT_URIS",
      ["http://127.0.0.1:8585/b"],
      ["http://a/b", "http://[::1]/b", "http://om.localhost/b", "https://user:word@a/b"],
      "must be https:// URLs without a password; only localhost may have http://",
    ],
    ["SERVICE_MANAGEMENT_REFERENCE", ["x".repeat(256)], ["x".repeat(257)], "must be at most 256 characters"],
    ["INGESTION_CLIENT_ID", [TENANT], ["x"], "must be a GUID"],
    ["IDENTITY_CLIENT_ID", [TENANT], ["x"], "must be a GUID"],
    ["AZURE_CLIENT_ID", [TENANT], ["x"], "must be a GUID"],
    ["GRAPH_URL", ["https://graph.example"], ["http://graph.example", "graph"], "must be an https:// URL"],
    ["OPENMETADATA_URL", ["https://a/b//"], ["ftp://a", "xhttps://a", "a"], "must be an http(s):// URL"],
    ["DEPLOYMENTS_BLOB", [], ["http://a/b", "a"], "must be the https:// URL of a blob"],
    ["OPENMETADATA_ALLOW_HTTP", ["true", "false"], ["yes"], 'must be "true" or "false"'],
  ])("%s may be %j, and not %j", (setting, good, bad, fault) => {
    for (const text of good) expect(faults({ ...least, [setting]: text })).toEqual([]);
    const others = setting === "DEPLOYMENTS_BLOB" ? { ...least, OPENMETADATA_URL: undefined } : least;
    for (const text of bad) expect(faults({ ...others, [setting]: text })).toEqual([`${setting} ${fault}`]);
  });

  it.each([
    ["SECRET_LIFETIME_DAYS", 2, 730],
    ["SECRET_RENEW_BEFORE_DAYS", 1, 700],
    ["SECRET_OVERLAP_DAYS", 0, 365],
    ["SECRET_STAGE_AHEAD_HOURS", 0, 720],
    ["NOTIFY_EXPIRING_DAYS", 1, 365],
  ])("%s is from %d to %d", (setting, fewest, most) => {
    const about = (days: number) =>
      faults({ ...least, [setting]: String(days) }).filter((one) => /least \d|most/.test(one));
    expect(about(fewest - 1)).toEqual([`${setting} must be at least ${fewest}`]);
    expect(about(most + 1)).toEqual([`${setting} must be at most ${most}`]);
    expect([...about(fewest), ...about(most)]).toEqual([]);
  });

  it("lets nothing be staged before its predecessor is issued", () => {
    const short = { ...least, SECRET_LIFETIME_DAYS: "4", SECRET_RENEW_BEFORE_DAYS: "2", SECRET_OVERLAP_DAYS: "0" };
    const fault = "SECRET_STAGE_AHEAD_HOURS must be less than the time from issuing to renewal";
    expect(faults({ ...short, SECRET_STAGE_AHEAD_HOURS: "48" })).toEqual([fault]);
    expect(faults({ ...short, SECRET_STAGE_AHEAD_HOURS: "47" })).not.toContain(fault);
  });

  it("warns of nothing that is renewed later by its own settings", () => {
    const soon = { SECRET_RENEW_BEFORE_DAYS: "8", NOTIFY_EXPIRING_DAYS: "30" };
    expect(readSettings({ ...least, ...soon }).notifyExpiringDays).toBe(4);
    expect(readSettings({ ...least, ...soon, NOTIFY_EXPIRING_DAYS: "3" }).notifyExpiringDays).toBe(3);
  });

  it("of ACCEPTED_FINDINGS has a reason of 300 characters at most, in words", () => {
    const about = (reason: unknown) => faults({ ...least, ACCEPTED_FINDINGS: JSON.stringify({ "no-bot": reason }) });
    expect([about("x".repeat(10)), about("x".repeat(300))]).toEqual([[], []]);
    expect(about("x".repeat(301))).toEqual(["ACCEPTED_FINDINGS must be at most 300 characters"]);
    expect(about(7)).toEqual(["ACCEPTED_FINDINGS must be a reason in words"]);
    const two = faults({ ...least, ACCEPTED_FINDINGS: JSON.stringify({ a: "x".repeat(10), b: "x".repeat(10) }) });
    expect(two).toEqual([expect.stringMatching(/has unknown kinds of findings \(2\); the known ones are authority, /)]);
  });
});

describe("readCallerSettings()", () => {
  it("reads by what callers are verified, whatever is wrong with the rest", () => {
    const env = { TENANT_ID: TENANT, API_AUDIENCE: `api://${TENANT}`, KEY_VAULT_URL: "wrong" };
    expect(readCallerSettings(env)).toEqual({
      tenantId: TENANT,
      authorityHost: "https://login.microsoftonline.com",
      apiAudience: TENANT,
    });
    expect(readCallerSettings({ TENANT_ID: TENANT }).apiAudience).toBeUndefined();
  });

  it("names what is wrong of these, and that callers cannot be verified", () => {
    expect(() => readCallerSettings({ TENANT_ID: "x", API_AUDIENCE: "y", KEY_VAULT_URL: "z" })).toThrow(
      "Cannot start: callers' tokens cannot be verified; TENANT_ID must be a GUID; API_AUDIENCE must be a GUID",
    );
  });
});

describe("what the environment says before it is read", () => {
  it.each([
    [undefined, undefined, "0 0 * * * *"],
    ["not a schedule", undefined, "0 0 * * * *"],
    ["0 0 0 31 2 *", undefined, "0 0 * * * *"],
    ["0 0 */6 * * *", undefined, "%ROTATION_SCHEDULE%"],
    ["0 0 0 * * MON", undefined, "%ROTATION_SCHEDULE%"],
    ["0 0 0 * * MON", "28", "%ROTATION_SCHEDULE%"],
    ["0 0 0 * * MON", "27", "0 0 * * * *"],
    ["0 0 0 1 * *", undefined, "0 0 * * * *"],
    ["\uFEFF0 0\u00A0*/6 *\t* *\r\n", undefined, "0 0 */6 * * *"],
  ])("ROTATION_SCHEDULE %s with SECRET_RENEW_BEFORE_DAYS %s is told to the host as %s", (schedule, days, told) => {
    expect(timerSchedule({ ROTATION_SCHEDULE: schedule, SECRET_RENEW_BEFORE_DAYS: days })).toBe(told);
  });

  it("names an audience where it says anything of one", () => {
    const about = (API_AUDIENCE: string | undefined) => namesAudience({ API_AUDIENCE });
    expect([about(undefined), about(" "), about("wrong")]).toEqual([false, false, true]);
  });
});
