import { describe, expect, it } from "vitest";
import { vaultError } from "../../shared/clients/key-vault/refusals.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { PROBLEMS } from "../../shared/problems/problems.ts";

const where = { action: 'read secret "s"', name: "s", vault: "kv", objectId: async () => "own-object" };
/** As Microsoft's client tells what the vault answered; the inner code stands where the vault gives one. */
const answered = (statusCode: number, code?: string, inner?: { code?: string; message?: string }) =>
  Object.assign(new Error("the client's own words"), {
    name: "RestError",
    statusCode,
    code,
    ...(inner && { details: { error: { message: inner.message, innerError: inner.code && { code: inner.code } } } }),
  });
const told = (error: unknown) => vaultError(error, where);

describe("what a vault refuses and a person must cure", () => {
  it.each([
    ["ForbiddenByRbac", "vault-forbidden", /--assignee-object-id own-object .*keyvault show --name kv /],
    [
      "ForbiddenByPolicy",
      "vault-forbidden",
      /set-policy --name kv --object-id own-object --secret-permissions get list/,
    ],
    [
      "AccessDenied",
      "vault-forbidden",
      /access policies, .*\naz keyvault set-policy --name kv --object-id own-object /,
    ],
    ["ForbiddenByConnection", "vault-network-forbidden", /private endpoint.*\naz keyvault update --name kv --public/],
    ["ForbiddenByNsp", "vault-network-forbidden", /network security perimeter/],
    ["ObjectIsDeletedButRecoverable", "vault-secret-deleted", /\naz keyvault secret recover --vault-name kv --name s$/],
  ])("is told with what to do: %s", async (inner, code, hint) => {
    const error = answered(403, "Forbidden", { code: inner });
    expect(await told(error)).toMatchObject({
      name: "StalledError",
      code,
      message: `Cannot read secret "s" in vault "kv": Key Vault answered 403 ${inner}`,
      hint: expect.stringMatching(hint),
      cause: error,
    });
  });

  it("is told with what its code says where that is enough: the vault's firewall", async () => {
    expect(await told(answered(403, "Forbidden", { code: "ForbiddenByFirewall" }))).toMatchObject({
      name: "StalledError",
      code: "vault-network-forbidden",
      hint: PROBLEMS["vault-network-forbidden"].hint,
    });
  });

  it("is told of a vault that belongs to another tenant than the app's identity", async () => {
    const message =
      "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/a/, found https://sts.windows.net/b/.";
    expect(await told(answered(401, "Unauthorized", { message }))).toMatchObject({
      name: "StalledError",
      code: "tenant-mismatch",
      message: 'Cannot read secret "s" in vault "kv": Key Vault answered 401 AKV10032',
      hint: expect.stringMatching(/KEY_VAULT_URL.*\naz keyvault show --name kv --query properties.tenantId/),
    });
  });

  it("is told by the vault's own number where a token is refused for another reason", async () => {
    const message = "AKV10046: Unable to resolve the key used for signature validation.";
    expect(await told(answered(401, "Unauthorized", { message }))).toMatchObject({
      code: "vault-refused",
      serviceCode: "AKV10046",
      message: 'Cannot read secret "s" in vault "kv": Key Vault answered 401 AKV10046',
    });
  });

  it.each(["Resource 's' was Disallowed by policy.", "See the policy definition 'x'.", "Denied by an Azure Policy"])(
    "may be an Azure Policy, by its words alone: %s",
    async (message) => {
      const error = answered(403, "Forbidden", { code: "ForbiddenByPolicy", message });
      expect(await told(error)).toMatchObject({
        code: "vault-policy-conflict",
        message:
          'Cannot read secret "s" in vault "kv": Key Vault answered 403 ForbiddenByPolicy: an Azure Policy denies it',
        cause: error,
      });
    },
  );
});

describe("another failure of a vault", () => {
  it.each<[what: string, error: unknown, said: string, facts: object]>([
    [
      "a code of its own",
      answered(404, "SecretNotFound"),
      "Key Vault answered 404 SecretNotFound",
      { status: 404, serviceCode: "SecretNotFound", code: "vault-refused", transient: false },
    ],
    [
      "an inner code",
      answered(403, "Forbidden", { code: "SecretDisabled" }),
      "Key Vault answered 403 SecretDisabled",
      { status: 403, serviceCode: "SecretDisabled" },
    ],
    [
      "words without an inner code",
      answered(403, "Forbidden", { message: "a policy" }),
      "Key Vault answered 403 Forbidden",
      {},
    ],
    [
      "details without an error",
      { statusCode: 500, details: {} },
      "Key Vault answered 500",
      { serviceCode: undefined },
    ],
    ["a status alone", answered(500), "Key Vault answered 500", { status: 500, transient: true, retryAfterSeconds: 0 }],
    [
      "no answer, with a code",
      Object.assign(new Error("x"), { code: "ENOTFOUND" }),
      "no answer (ENOTFOUND)",
      { status: 0 },
    ],
    ["no answer, with a name", new DOMException("late", "TimeoutError"), "no answer (TimeoutError)", { status: 0 }],
    ["nothing at all", undefined, "no answer (unknown)", { status: 0, code: "vault-unreachable" }],
    [
      "the wish to be left alone",
      { ...answered(429), statusCode: 429, retryAfterSeconds: 60 },
      "Key Vault answered 429",
      { retryAfterSeconds: 60, code: "vault-throttled" },
    ],
    [
      "a deletion that ends by itself",
      answered(409, "Conflict", { code: "ObjectIsBeingDeleted" }),
      "Key Vault answered 409 ObjectIsBeingDeleted",
      { code: "vault-unavailable", transient: true },
    ],
    [
      "a code that only ends like that",
      answered(409, "NoObjectIsBeing"),
      "Key Vault answered 409 NoObjectIsBeing",
      { code: "vault-refused", transient: false },
    ],
  ])("is told with what is known of it: %s", async (_, error, said, facts) => {
    const message = `Cannot read secret "s" in vault "kv": ${said}`;
    expect(await told(error)).toMatchObject({ name: "UpstreamError", service: "Key Vault", message, ...facts });
    expect((await told(error)).cause).toBe(error);
  });

  it("is Entra's where the app gets no token, by Entra's code or by the name of the failure", async () => {
    const refused = Object.assign(new Error("AADSTS700016: unknown"), { name: "AuthenticationError" });
    expect(await told(refused)).toMatchObject({
      service: "Entra",
      code: "identity-without-token",
      serviceCode: "AADSTS700016",
      message: `Cannot read secret "s" in vault "kv": the app's identity gets no token (AADSTS700016)`,
      cause: refused,
    });
    expect(await told({ name: "TokenTimeOutError" })).toMatchObject({
      code: "identity-unavailable",
      message: `Cannot read secret "s" in vault "kv": the app's identity gets no token (TokenTimeOutError)`,
    });
  });

  it("that has been told already stays what it is", async () => {
    const error = new UpstreamError("told", { service: "Entra", status: 500 });
    expect(await told(error)).toBe(error);
  });
});
