import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { decodeJwt, SignJWT } from "jose";
import { type Case, expect, expectSeen, items, record, type Seen } from "../case.ts";
import { form, MAKES } from "./sign-in-refused.ts";

/** The token endpoint with client credentials. */
export const SIGN_IN: Case[] = [
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
    id: "entra-expired-secret",
    claim: "a secret that has expired is answered 401 invalid_client AADSTS7000222",
    makes: MAKES,
    waits: 10,
    async run(tenant) {
      const wanted = await form(tenant);
      const { id } = await tenant.application();
      const passwordCredential = { endDateTime: new Date(tenant.now().getTime() + 90_000).toISOString() };
      const added = await tenant.graph("POST", `/applications/${id}/addPassword`, { body: { passwordCredential } });
      expectSeen(added, { status: 200 });
      const { secretText } = record(added.json);
      const codes = ({ json }: Seen) => JSON.stringify(record(json).error_codes ?? []);
      const seen = await tenant.eventually(
        () => tenant.signIn({ ...wanted, client_secret: String(secretText) }),
        // New secrets are refused with 7000215 for a while, and then taken until they expire.
        (one) => one.status !== 200 && !codes(one).includes("7000215"),
        10,
      );
      expectSeen(seen, { status: 401, error: "invalid_client", aadsts: 7000222 });
      return undefined;
    },
  },
  {
    id: "entra-assignment-required",
    claim: "a client without a role, where the API demands one, is answered 400 invalid_grant AADSTS501051",
    makes: MAKES,
    async run(tenant) {
      const { appId } = await tenant.application();
      const wanted = await form(tenant, { scope: `${appId}/.default` });
      const demand = (appRoleAssignmentRequired: boolean) =>
        tenant.graph("PATCH", `/servicePrincipals/${self}`, { body: { appRoleAssignmentRequired } });
      const self = await tenant.principal();
      expectSeen(await demand(true), { status: 204 });
      try {
        const seen = await tenant.eventually(
          () => tenant.signIn(wanted),
          ({ status }) => status !== 200,
        );
        expectSeen(seen, { status: 400, error: "invalid_grant", aadsts: 501051 });
      } finally {
        await demand(false);
        await tenant.eventually(
          () => tenant.signIn(wanted),
          ({ status }) => status === 200,
        );
      }
      return undefined;
    },
  },
  {
    id: "entra-unknown-certificate",
    claim: "an assertion signed with a certificate that nobody registered is answered 401 invalid_client AADSTS700027",
    makes: MAKES,
    async run(tenant) {
      const { appId } = await tenant.application();
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const now = Math.floor(tenant.now().getTime() / 1000);
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", x5t: randomBytes(20).toString("base64url") })
        .setIssuer(appId)
        .setSubject(appId)
        .setAudience(`${tenant.authorityUrl}/${tenant.tenantId}/oauth2/v2.0/token`)
        .setNotBefore(now)
        .setExpirationTime(now + 300)
        .sign(privateKey);
      const wanted = await form(tenant, {
        client_secret: undefined,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion,
      });
      expectSeen(await tenant.signIn(wanted), { status: 401, error: "invalid_client", aadsts: 700027 });
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
