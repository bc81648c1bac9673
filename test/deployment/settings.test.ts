import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSettings, SETTING_NAMES } from "../../shared/deployment/settings.ts";
import { SettingsError } from "../../shared/errors.ts";

const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const least = {
  TENANT_ID: TENANT,
  KEY_VAULT_URL: "https://vault.vault.azure.net",
  OPENMETADATA_URL: "https://openmetadata.example.com",
};

function faults(env: Record<string, string | undefined>): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
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
          allowHttp: false,
        },
      ],
      rotation: { lifetimeDays: 90, renewBeforeDays: 30, overlapDays: 7, stageAheadHours: 24 },
      readWithinHours: 24,
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
    expect(read.deployments[0]).toMatchObject({
      openMetadataUrl: "https://example.com/catalogue",
      extraRedirectUris: ["https://a.example.com/callback", "https://b.example.com/callback"],
      initialAdmins: ["ada", "grace"],
    });
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
    const { deployments } = readSettings({ ...general, DEPLOYMENTS: JSON.stringify(two) });
    expect(deployments.map(({ name, openMetadataUrl }) => [name, openMetadataUrl])).toEqual([
      ["blue", "https://blue.example.com"],
      ["green", "https://green.example.com"],
    ]);
  });

  it("refuses what is no JSON, no list, empty, doubled, or has unknown or wrong fields, by place", () => {
    const about = (value: unknown) =>
      faults({ ...general, DEPLOYMENTS: typeof value === "string" ? value : JSON.stringify(value) });
    expect(about("{")).toEqual(["DEPLOYMENTS must be JSON"]);
    expect(about([])).toEqual(["DEPLOYMENTS must name at least one deployment"]);
    expect(about([two[0], two[0]])).toEqual(['DEPLOYMENTS names "blue" twice']);
    expect(about([two[0], { ...two[1], colour: 1 }])).toEqual(["DEPLOYMENTS[1] has unknown fields: colour"]);
    expect(about([{ name: "blue" }])).toEqual(["DEPLOYMENTS[0].openMetadataUrl is missing"]);
    expect(about({ name: "blue" })).toHaveLength(1);
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
    expect(readSettings({ ...least, APP_SERVICE_ID: id }).deployments[0].appServiceId).toBe(id);
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
    expect(readSettings({ ...least, APP_SERVICE_RESTART: text }).deployments[0].appServiceRestart).toBe(means);
  });

  it.each(["yes", "1", "TRUE"])("APP_SERVICE_RESTART may not be %s", (text) => {
    expect(faults({ ...least, APP_SERVICE_RESTART: text })).toEqual(['APP_SERVICE_RESTART must be "true" or "false"']);
  });

  it("APP_SERVICE_RESTART is a boolean in DEPLOYMENTS, or its text", () => {
    const restart = (appServiceRestart: unknown) =>
      readSettings({
        ...least,
        OPENMETADATA_URL: undefined,
        DEPLOYMENTS: JSON.stringify([{ openMetadataUrl: "https://om.example.com", appServiceRestart }]),
      }).deployments[0].appServiceRestart;
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
    expect(faults({ ...least, OPENMETADATA_URL: undefined, DEPLOYMENTS })).toEqual([
      `DEPLOYMENTS[0].openMetadataTokenSecret ${own}`,
    ]);
  });
});

describe("settings that would give away what is secret, or set credentials against each other", () => {
  const [one, other] = ["1a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11", "2a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11"];
  const same = (first: string, second: string) => [
    `${first} and ${second} must not be the same: each needs a registration of its own`,
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
    const about = (change: object) =>
      faults({ ...least, OPENMETADATA_URL: undefined, DEPLOYMENTS: JSON.stringify([blue, { ...green, ...change }]) });
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
      'OPENMETADATA_URL must be an https:// URL, or administrators\' tokens are sent in clear; OPENMETADATA_ALLOW_HTTP "true" allows that',
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
      "IDENTITY_CLIENT_ID has no effect beside OPENMETADATA_TOKEN_SECRET: use one or the other",
    ]);
    expect(readSettings({ ...least, IDENTITY_CLIENT_ID: one }).deployments[0].identityClientId).toBe(one);
  });
});
