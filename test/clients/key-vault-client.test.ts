import type { SecretProperties } from "@azure/keyvault-secrets";
import { UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keyVault, TOKEN } from "../../shared/clients/key-vault/key-vault.ts";
import { MINUTE, MOST_PAGES } from "../../shared/limits.ts";

/** Microsoft's client: what it was made with, and asked for, and how it answers each call. */
const client = vi.hoisted(() => ({
  made: [] as unknown[],
  asked: [] as [call: string, ...unknown[]][],
  answers: {} as Record<string, unknown>,
  pages: [] as unknown[][] | Error,
}));
vi.mock("@azure/keyvault-secrets", () => {
  const answer =
    (call: string) =>
    async (...args: unknown[]) => {
      client.asked.push([call, ...args]);
      const given = client.answers[call];
      if (given instanceof Error) throw given;
      return given;
    };
  return {
    SecretClient: class {
      constructor(...args: unknown[]) {
        client.made.push(args);
      }
      getSecret = answer("getSecret");
      getDeletedSecret = answer("getDeletedSecret");
      setSecret = answer("setSecret");
      updateSecretProperties = answer("updateSecretProperties");
      listPropertiesOfSecretVersions = (...args: unknown[]) => {
        client.asked.push(["list", ...args]);
        return {
          async *byPage() {
            if (client.pages instanceof Error) throw client.pages;
            yield* client.pages;
          },
        };
      };
    },
  };
});

const ON = new Date("2031-03-03T12:00:00Z");
const END = new Date("2031-06-01T00:00:00Z");
const INTENT = "application/vnd.openmetadata-entra.intent";
const MANAGED = { managedBy: "openmetadata-entra" };
const refusal = (statusCode: number, code?: string) => Object.assign(new Error("x"), { statusCode, code });
const scopes: string[] = [];
const credential = {
  getToken: async (scope: string) => {
    scopes.push(scope);
    return { token: new UnsecuredJWT({ oid: "own" }).encode(), expiresOnTimestamp: 0 };
  },
};
const open = (contentType?: string) =>
  keyVault({ url: "https://kv.vault.azure.net", name: "kv" }, credential as never)("s", contentType);
const version = (version: string, more: Partial<SecretProperties> = {}) =>
  ({ name: "s", vaultUrl: "v", version, createdOn: ON, ...more }) as SecretProperties;

let limits: [milliseconds: number, signal: AbortSignal][];
beforeEach(() => {
  Object.assign(client, { made: [], asked: [], answers: {}, pages: [] });
  scopes.length = 0;
  limits = [];
  vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    const { signal } = new AbortController();
    limits.push([milliseconds, signal]);
    return signal;
  });
});
afterEach(() => vi.restoreAllMocks());
/** The time that a call was given. */
const limitOf = (options: unknown) => {
  const { abortSignal } = options as { abortSignal?: AbortSignal };
  return limits.find(([, signal]) => signal === abortSignal)?.[0];
};

describe("a vault", () => {
  it("is spoken to in one version of its API, follows no redirect, and is asked again three times", () => {
    expect(open().vault).toBe("kv");
    expect(client.made).toMatchObject([
      [
        "https://kv.vault.azure.net",
        credential,
        {
          serviceVersion: "2025-07-01",
          redirectOptions: { maxRetries: 0 },
          retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
          additionalPolicies: [
            { policy: { name: "olderVersionWhereNeeded" } },
            { policy: { name: "bounds" } },
            { policy: { name: "anotherTokenWhereRefused" } },
          ],
        },
      ],
    ]);
  });

  it("that forbids us is told with our object id, from a token for the vaults of this cloud", async () => {
    const error = Object.assign(refusal(403), { details: { error: { innerError: { code: "ForbiddenByRbac" } } } });
    client.answers.getSecret = error;
    await expect(open().latest()).rejects.toMatchObject({
      code: "vault-forbidden",
      message: 'Cannot read secret "s" in vault "kv": Key Vault answered 403 ForbiddenByRbac',
      hint: expect.stringContaining("--assignee-object-id own "),
    });
    expect(scopes).toEqual(["https://vault.azure.net/.default"]);
  });
});

describe("the latest version of a secret", () => {
  it("is what the vault gives, within ten seconds", async () => {
    client.answers.getSecret = { properties: version("1") };
    expect(await open().latest()).toMatchObject({ version: "1" });
    expect(client.asked).toMatchObject([["getSecret", "s", {}]]);
    expect(limitOf(client.asked[0]?.[2])).toBe(10_000);
  });

  it.each([refusal(404, "SecretNotFound"), refusal(404, "Other")])("may be none: %j", async (error) => {
    client.answers.getSecret = error;
    expect(await open().latest()).toBeUndefined();
  });

  it("is not none where the vault fails, or something in between says that there is nothing", async () => {
    for (const status of [503, 404]) {
      client.answers.getSecret = refusal(status);
      await expect(open().latest()).rejects.toMatchObject({ status });
    }
  });

  it("that is disabled is found in the list, among those that are disabled, within a minute", async () => {
    client.answers.getSecret = refusal(403, "SecretDisabled");
    const later = new Date(ON.getTime() + 1000);
    client.pages = [
      [version("a", { enabled: false }), version("b", { enabled: true, createdOn: later })],
      [version("c", { enabled: false, createdOn: later }), version("d", { enabled: false })],
    ];
    expect(await open().latest()).toMatchObject({ version: "c", enabled: false });
    expect(client.asked[1]).toMatchObject(["list", "s", {}]);
    expect(limitOf(client.asked[1]?.[2])).toBe(60_000);
  });

  it("is, of two that are as old, or of which nobody says how old they are, the one that comes last", async () => {
    client.answers.getSecret = refusal(403, "SecretDisabled");
    const undated = { enabled: false, createdOn: undefined } as never;
    client.pages = [[version("a", undated), version("b", undated)]];
    expect(await open().latest()).toMatchObject({ version: "b" });
    client.pages = [[version("a", { enabled: false }), version("b", { enabled: false }), version("c", undated)]];
    expect(await open().latest()).toMatchObject({ version: "b" });
    client.pages = [];
    expect(await open().latest()).toBeUndefined();
  });

  it("that only announces another gives way to the newest that holds a value", async () => {
    client.answers.getSecret = { properties: version("3", { contentType: INTENT }) };
    client.pages = [
      [version("1"), version("2", { createdOn: END }), version("3", { contentType: INTENT, createdOn: END })],
    ];
    expect(await open().latest()).toMatchObject({ version: "2", intent: false });
    client.pages = [[version("3", { contentType: INTENT })]];
    expect(await open().latest()).toBeUndefined();
  });

  it("that cannot be told from the list is told so", async () => {
    client.answers.getSecret = { properties: version("3", { contentType: INTENT }) };
    client.pages = refusal(503);
    await expect(open().latest()).rejects.toThrow('Cannot read secret "s" in vault "kv": Key Vault answered 503');
  });
});

describe("all versions of a secret", () => {
  it("are read once, page after page", async () => {
    client.pages = [[version("1", { tags: { ...MANAGED, keyId: "k" } })], [version("2")]];
    const secret = open();
    const first = await secret.history();
    expect(first.map(({ keyId, version }) => [version, keyId])).toEqual([
      ["1", "k"],
      ["2", undefined],
    ]);
    expect(await secret.history()).toBe(first);
    expect(client.asked).toHaveLength(1);
  });

  it("are none of a secret that does not exist, and every other failure is one", async () => {
    client.pages = refusal(404, "SecretNotFound");
    expect(await open().history()).toEqual([]);
    client.pages = refusal(404);
    await expect(open().history()).rejects.toThrow("404");
    client.pages = refusal(500);
    await expect(open().history()).rejects.toThrow(
      'Cannot read the versions of secret "s" in vault "kv": Key Vault answered 500',
    );
  });

  it("that do not end are given up after so many pages", async () => {
    client.pages = Array.from({ length: MOST_PAGES }, () => [version("1")]);
    expect(await open().history()).toHaveLength(MOST_PAGES);
    client.pages = [...client.pages, []];
    await expect(open().history()).rejects.toMatchObject({
      service: "Key Vault",
      status: 200,
      message: 'Cannot list the versions of secret "s" in vault "kv": the vault keeps returning more pages',
    });
  });
});

describe("a version of a secret", () => {
  it("has a value, which may be empty", async () => {
    client.answers.getSecret = { value: "v" };
    expect(await open().value("7")).toBe("v");
    client.answers.getSecret = {};
    expect(await open().value("7")).toBe("");
    expect(client.asked[0]).toMatchObject(["getSecret", "s", { version: "7" }]);
    client.answers.getSecret = refusal(500);
    await expect(open().value("7")).rejects.toThrow('Cannot read secret "s"');
  });

  it.each([
    [undefined, "application/vnd.microsoft.entra.client-secret"],
    [TOKEN, "application/jwt"],
  ])("is stored as what it is, with what is known of it: %s", async (given, contentType) => {
    const tags = { ...MANAGED, keyId: "k", nonce: "n", issuedOn: ON.toISOString() };
    client.answers.setSecret = { properties: version("8", { tags }) };
    const kept = { keyId: "k", nonce: "n", issuedOn: ON, expiresOn: END };
    expect(await open(given).store("v", kept)).toMatchObject({ version: "8", keyId: "k", issuedOn: ON });
    expect(client.asked).toMatchObject([["setSecret", "s", "v", { contentType, expiresOn: END, tags }]]);
    expect(limitOf(client.asked[0]?.[3])).toBe(10_000);
    client.answers.setSecret = refusal(500);
    await expect(open().store("v", kept)).rejects.toThrow('Cannot store a new version of secret "s"');
  });

  it.each<[milestones: { pushFailed?: boolean | undefined; provenOn?: Date }, tags: object]>([
    [{ provenOn: ON }, { cost: "42", pushFailed: "true", provenOn: ON.toISOString() }],
    [{ pushFailed: true }, { cost: "42", pushFailed: "true" }],
    [{ pushFailed: false }, { cost: "42" }],
    [{ pushFailed: undefined }, { cost: "42" }],
  ])("gets notes beside its other tags: %j", async (milestones, tags) => {
    client.answers.updateSecretProperties = version("8", { tags: { ...MANAGED, keyId: "as it is then" } });
    const noted = { version: "8", tags: { cost: "42", pushFailed: "true" } } as never;
    expect(await open().note(noted, milestones)).toMatchObject({ keyId: "as it is then" });
    const [call, name, of, options] = client.asked[0] ?? [];
    expect([call, name, of, (options as { tags: object }).tags]).toEqual(["updateSecretProperties", "s", "8", tags]);
    expect(limitOf(options)).toBe(10_000);
  });

  it("that had no tags gets notes too, and one that cannot be changed is told so", async () => {
    client.answers.updateSecretProperties = version("8");
    await open().note({ version: "8" } as never, { provenOn: ON });
    expect(client.asked[0]?.[3]).toMatchObject({ tags: { provenOn: ON.toISOString() } });
    client.answers.updateSecretProperties = refusal(500);
    await expect(open().note({ version: "8" } as never, {})).rejects.toThrow('Cannot update the tags of secret "s"');
  });
});

describe("a deleted secret", () => {
  it("is one that the vault shows among the deleted ones", async () => {
    client.answers.getDeletedSecret = {};
    expect(await open().isDeleted()).toBe(true);
    expect(limitOf(client.asked[0]?.[2])).toBe(10_000);
    client.answers.getDeletedSecret = refusal(404, "SecretNotFound");
    expect(await open().isDeleted()).toBe(false);
    client.answers.getDeletedSecret = refusal(404);
    await expect(open().isDeleted()).rejects.toThrow("404");
    client.answers.getDeletedSecret = refusal(500);
    await expect(open().isDeleted()).rejects.toThrow('Cannot look for a deleted secret "s" in vault "kv"');
  });
});

describe("an announcement", () => {
  const RUN = 15 * MINUTE;
  const announce = async (latest: Partial<SecretProperties> | undefined, on = ON) => {
    client.answers.getSecret = latest ? { properties: latest } : refusal(404, "SecretNotFound");
    await open().announce("n", { on, expiresOn: END });
    const [call, , of, options] = client.asked.at(-1) ?? [];
    expect(options).toMatchObject({ expiresOn: END, tags: { ...MANAGED, nonce: "n" } });
    expect(limitOf(options)).toBe(10_000);
    return call === "setSecret" ? `anew: ${of}, ${(options as { contentType: string }).contentType}` : `over ${of}`;
  };
  const spent = new Date(ON.getTime() - RUN - 1);
  const ANEW = `anew: intent, ${INTENT}`;

  it.each<[what: string, latest: Partial<SecretProperties> | undefined, how: string]>([
    ["there is nothing yet", undefined, ANEW],
    ["a value was stored last", version("1", { createdOn: spent }), ANEW],
    ["the last one is disabled", version("1", { contentType: INTENT, createdOn: spent, enabled: false }), ANEW],
    ["nobody says how old the last one is", { version: "1", contentType: INTENT }, ANEW],
    ["the run of the last one may go on", version("1", { contentType: INTENT, createdOn: new Date(+spent + 1) }), ANEW],
    [
      "the last one was used again lately",
      version("1", { contentType: INTENT, createdOn: spent, updatedOn: ON }),
      ANEW,
    ],
    ["the run of the last one has ended", version("1", { contentType: INTENT, createdOn: spent }), "over 1"],
    [
      "the last one was used again, and that is long ago",
      version("1", { contentType: INTENT, createdOn: ON, updatedOn: spent, enabled: true }),
      "over 1",
    ],
  ])("is written where %s", async (_, latest, how) => {
    expect(await announce(latest)).toBe(how);
  });

  it("that cannot be written is told so", async () => {
    client.answers = { getSecret: refusal(404, "SecretNotFound"), setSecret: refusal(500) };
    await expect(open().announce("n", { on: ON, expiresOn: END })).rejects.toThrow('Cannot write to secret "s"');
  });
});
