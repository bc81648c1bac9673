import { randomUUID } from "node:crypto";
import { type Case, expectSeen, type Tenant } from "../case.ts";

/** What the cases of sign-in make. */
export const MAKES = ["an app registration", "a service principal", "a client secret"];

/** A complete request of the run's application, with some of it otherwise; undefined leaves a parameter out. */
export async function form(
  tenant: Tenant,
  otherwise: Record<string, string | undefined> = {},
): Promise<Record<string, string>> {
  const [{ appId }, { value }] = await Promise.all([tenant.application(), tenant.secret()]);
  const usual = {
    client_id: appId,
    client_secret: value,
    grant_type: "client_credentials",
    scope: `${tenant.graphUrl}/.default`,
  };
  const all = Object.entries({ ...usual, ...otherwise });
  return Object.fromEntries(all.filter((one): one is [string, string] => one[1] !== undefined));
}

interface Refusal {
  id: string;
  claim: string;
  otherwise(tenant: Tenant): Promise<Record<string, string | undefined>>;
  status: number;
  error: string;
  aadsts: number;
}

const REFUSALS: Refusal[] = [
  {
    id: "entra-wrong-secret",
    claim: "a wrong secret",
    otherwise: async () => ({ client_secret: "this-is-no-secret-of-anybody-0000000" }),
    status: 401,
    error: "invalid_client",
    aadsts: 7000215,
  },
  {
    id: "entra-key-id",
    claim: "the id of a secret in place of its value",
    otherwise: async (tenant) => ({ client_secret: (await tenant.secret()).keyId }),
    status: 401,
    error: "invalid_client",
    aadsts: 7000215,
  },
  {
    id: "entra-no-secret",
    claim: "no secret and no assertion",
    otherwise: async () => ({ client_secret: undefined }),
    status: 401,
    error: "invalid_client",
    aadsts: 7000216,
  },
  {
    id: "entra-unknown-client",
    claim: "a client that the tenant does not have",
    otherwise: async () => ({ client_id: randomUUID() }),
    status: 400,
    error: "unauthorized_client",
    aadsts: 700016,
  },
  {
    id: "entra-unknown-resource",
    claim: "a resource that the tenant does not have",
    otherwise: async () => ({ scope: `api://${randomUUID()}/.default` }),
    status: 400,
    error: "invalid_resource",
    aadsts: 500011,
  },
  {
    id: "entra-scope-form",
    claim: "a scope that does not end in /.default",
    otherwise: async (tenant) => ({ scope: `${tenant.graphUrl}/User.Read` }),
    status: 400,
    error: "invalid_scope",
    aadsts: 1002012,
  },
  {
    id: "entra-two-resources",
    claim: "two resources at once",
    otherwise: async (tenant) => ({
      scope: `${tenant.graphUrl}/.default ${(await tenant.application()).appId}/.default`,
    }),
    status: 400,
    error: "invalid_request",
    aadsts: 700022,
  },
  {
    id: "entra-no-scope",
    claim: "no scope",
    otherwise: async () => ({ scope: undefined }),
    status: 400,
    error: "invalid_request",
    aadsts: 900144,
  },
  {
    id: "entra-grant-type",
    claim: "a grant type that does not exist",
    otherwise: async () => ({ grant_type: "conformance" }),
    status: 400,
    error: "unsupported_grant_type",
    aadsts: 70003,
  },
];

/** What the token endpoint answers to requests with one thing wrong. */
export const SIGN_IN_REFUSED: Case[] = REFUSALS.map(
  ({ id, claim, otherwise, ...expected }): Case => ({
    id,
    claim: `${claim} is answered ${expected.status} ${expected.error} AADSTS${expected.aadsts}`,
    makes: MAKES,
    async run(tenant) {
      expectSeen(await tenant.signIn(await form(tenant, await otherwise(tenant))), expected);
      return undefined;
    },
  }),
);
