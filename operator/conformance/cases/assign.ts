import { randomUUID } from "node:crypto";
import { type Case, Difference, expectSeen, record, type Tenant } from "../case.ts";

const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const MINUTES = 10;

/** Only secrets whose name begins so may be set; all else that the role allows stays allowed. */
const onlyNames = (begin: string): string =>
  `(!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/setSecret/action'})) OR (@Request[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith '${begin}')`;

/** Lets the throw-away application be an officer of the vault, but for names. */
async function assign(tenant: Tenant, begin: string): Promise<void> {
  const vault = tenant.named("assign");
  const path = `${vault}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
  const properties = {
    principalId: await tenant.principal(),
    principalType: "ServicePrincipal",
    roleDefinitionId: `${vault.split("/").slice(0, 3).join("/")}/providers/Microsoft.Authorization/roleDefinitions/${OFFICER}`,
    condition: onlyNames(begin),
    conditionVersion: "2.0",
  };
  expectSeen(await tenant.putResource(path, { properties }), { status: [200, 201] });
}

/** Signs the throw-away application in for the vault. */
async function signedIn(tenant: Tenant) {
  const [{ appId }, { value }] = await Promise.all([tenant.application(), tenant.secret()]);
  const form = {
    client_id: appId,
    client_secret: value,
    grant_type: "client_credentials",
    scope: await tenant.vaultScope(),
  };
  const seen = await tenant.eventually(
    () => tenant.signIn(form),
    ({ status }) => status === 200,
  );
  expectSeen(seen, { status: 200 });
  return tenant.vaultAs(String(record(seen.json).access_token));
}

/** Roles of Azure on the vault, for the throw-away application. */
export const ASSIGN: Case[] = [
  {
    id: "vault-name-condition",
    claim: "a role on a vault can have a condition on the names of secrets (preview), and the vault keeps to it",
    needs: ["vault", "assign"],
    makes: [
      "an app registration",
      "a service principal",
      "a client secret",
      "a role of it on the vault",
      "two secrets in the vault",
    ],
    waits: MINUTES,
    async run(tenant) {
      const [inside, outside] = [`${tenant.newName()}-in`, `${tenant.newName()}-out`];
      for (const name of [inside, outside])
        expectSeen(await tenant.putSecret(name, { value: "worth nothing" }), { status: 200 });
      await assign(tenant, inside);
      const vault = await signedIn(tenant);
      const set = (name: string) =>
        vault("PUT", `/secrets/${name}?api-version=7.4`, { body: { value: "worth nothing either" } });
      const allowed = await tenant.eventually(
        () => set(inside),
        ({ status }) => status === 200,
        MINUTES,
      );
      if (allowed.status === 403) throw new Difference(`the name that fits was still refused after ${MINUTES} minutes`);
      expectSeen(allowed, { status: 200 });
      expectSeen(await set(outside), { status: 403 });
      // A condition on names must leave listing alone.
      const listed = await vault("GET", "/secrets?api-version=7.4&maxresults=1");
      if (listed.status === 403) throw new Difference("it may list nothing any more");
      expectSeen(listed, { status: 200 });
      return undefined;
    },
  },
];
