import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { type Case, expect, expectSeen, items, record, type Tenant } from "../case.ts";

const MAKES = ["an app registration", "a service principal", "a client secret"];

/** A complete request of the run's application, with some of it otherwise; undefined leaves a parameter out. */
async function form(
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

/** The token endpoint with client credentials. */
export const SIGN_IN: Case[] = [
  ...REFUSALS.map(
    ({ id, claim, otherwise, ...expected }): Case => ({
      id,
      claim: `${claim} is answered ${expected.status} ${expected.error} AADSTS${expected.aadsts}`,
      makes: MAKES,
      async run(tenant) {
        expectSeen(await tenant.signIn(await form(tenant, await otherwise(tenant))), expected);
        return undefined;
      },
    }),
  ),
  {
    id: "entra-unknown-tenant",
    claim: "a tenant that does not exist is answered 400 invalid_request AADSTS90002",
    makes: MAKES,
    async run(tenant) {
      expectSeen(await tenant.signIn(await form(tenant), randomUUID()), {
        status: 400,
        error: "invalid_request",
        aadsts: 90002,
      });
      return undefined;
    },
  },
  {
    id: "entra-no-principal",
    claim: "an application without a service principal is answered 401 invalid_client AADSTS7000229",
    makes: ["an app registration", "a client secret"],
    async run(tenant) {
      const { id, appId } = await tenant.application({});
      const { secretText } = record((await tenant.graph("POST", `/applications/${id}/addPassword`, { body: {} })).json);
      const wanted = { ...(await form(tenant)), client_id: appId, client_secret: String(secretText) };
      const seen = await tenant.eventually(
        () => tenant.signIn(wanted),
        ({ json }) => ![7000215, 700016].some((code) => JSON.stringify(json).includes(String(code))),
      );
      expectSeen(seen, { status: 401, error: "invalid_client", aadsts: 7000229 });
      return undefined;
    },
  },
  {
    id: "entra-disabled",
    claim: "a disabled service principal is answered 400 unauthorized_client AADSTS7000112",
    makes: MAKES,
    async run(tenant) {
      const wanted = await form(tenant);
      const path = `/servicePrincipals/${await tenant.principal()}`;
      const enable = (accountEnabled: boolean) => tenant.graph("PATCH", path, { body: { accountEnabled } });
      expectSeen(await enable(false), { status: 204 });
      try {
        const seen = await tenant.eventually(
          () => tenant.signIn(wanted),
          ({ status }) => status !== 200,
        );
        expectSeen(seen, { status: 400, error: "unauthorized_client", aadsts: 7000112 });
      } finally {
        await enable(true);
        await tenant.eventually(
          () => tenant.signIn(wanted),
          ({ status }) => status === 200,
        );
      }
      return undefined;
    },
  },
  {
    id: "entra-token-for-itself",
    claim: "an application gets a token for itself by <client id>/.default and by api://<client id>/.default",
    makes: MAKES,
    async run(tenant) {
      const { id, appId } = await tenant.application();
      const body = { identifierUris: [`api://${appId}`], api: { requestedAccessTokenVersion: 2 } };
      expectSeen(await tenant.graph("PATCH", `/applications/${id}`, { body }), { status: 204 });
      for (const scope of [`${appId}/.default`, `api://${appId}/.default`]) {
        const wanted = await form(tenant, { scope });
        const seen = await tenant.eventually(
          () => tenant.signIn(wanted),
          ({ status }) => status === 200,
        );
        expectSeen(seen, { status: 200 });
      }
      return undefined;
    },
  },
  {
    id: "entra-app-only-claims",
    claim:
      "an app-only token of version 2 has the client id of the API as audience, oid equal to sub, and neither scp nor a name of a person; without a role it has no roles",
    makes: MAKES,
    async run(tenant) {
      const { id, appId } = await tenant.application();
      const body = { identifierUris: [`api://${appId}`], api: { requestedAccessTokenVersion: 2 } };
      expectSeen(await tenant.graph("PATCH", `/applications/${id}`, { body }), { status: 204 });
      const wanted = await form(tenant, { scope: `api://${appId}/.default` });
      const claimsIn = (json: unknown) => decodeJwt<Record<string, unknown>>(String(record(json).access_token));
      const seen = await tenant.eventually(
        () => tenant.signIn(wanted),
        ({ status, json }) => status === 200 && claimsIn(json).ver === "2.0",
      );
      expectSeen(seen, { status: 200 });
      const claims = claimsIn(seen.json);
      expect(claims.aud === appId, "the audience is not the client id");
      expect(claims.oid !== undefined && claims.oid === claims.sub, "oid and sub differ");
      expect(claims.azp === appId && claims.azpacr === "1", "azp or azpacr is not that of a secret");
      const people = ["scp", "email", "preferred_username", "upn", "name", "roles"].filter((name) => name in claims);
      expect(people.length === 0, `it has ${people.join(", ")}`);
      return Object.keys(claims).sort().join(" ");
    },
  },
  {
    id: "entra-new-secret",
    claim: "a new secret is refused with AADSTS7000215 until Entra knows it everywhere, and with nothing else",
    makes: MAKES,
    async run(tenant) {
      const { id } = await tenant.application();
      const wanted = await form(tenant);
      const { secretText } = record((await tenant.graph("POST", `/applications/${id}/addPassword`, { body: {} })).json);
      const codes = new Set<string>();
      let tries = 0;
      const seen = await tenant.eventually(
        async () => {
          tries += 1;
          const one = await tenant.signIn({ ...wanted, client_secret: String(secretText) });
          for (const code of one.status === 200
            ? []
            : ((record(one.json).error_codes as number[] | undefined) ?? [one.status]))
            codes.add(String(code));
          return one;
        },
        ({ status }) => status === 200,
      );
      expectSeen(seen, { status: 200 });
      expect(
        [...codes].every((code) => code === "7000215"),
        `it was refused with ${[...codes].join(", ")}`,
      );
      return `taken at attempt ${tries}`;
    },
  },
  {
    id: "entra-shared-keys",
    claim: "the keys of a tenant are among those that are published for all tenants",
    async run({ published, tenantId }) {
      const ids = async (path: string) => items((await published(path)).json, "keys").map(({ kid }) => kid);
      const [own, common] = [await ids(`${tenantId}/discovery/v2.0/keys`), await ids("common/discovery/v2.0/keys")];
      expect(own.length > 0, "the tenant publishes no keys");
      expect(
        own.every((kid) => common.includes(kid)),
        "the tenant has keys of its own",
      );
      return `${own.length} keys`;
    },
  },
];
