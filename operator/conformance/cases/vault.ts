import { ask } from "../../ask.ts";
import { type Case, expect, expectSeen, items, record, seenIn, type Tenant } from "../case.ts";

const API = "?api-version=7.4";
const MAKES = ["a secret in the vault"];

/** A new secret with a value that is worth nothing. @returns its name and the answer. */
async function put({ newName, putSecret }: Tenant, body: object = {}, name = newName()) {
  const seen = await putSecret(name, { value: "worth nothing", ...body });
  const version =
    String(record(seen.json).id ?? "")
      .split("/")
      .at(-1) ?? "";
  return { name, seen, version };
}

/** Secrets, as Key Vault keeps them. */
export const VAULT: Case[] = (
  [
    {
      id: "vault-set",
      claim: "setting a secret answers 200 with the value and an id that ends in a version of 32 hexadecimal digits",
      makes: MAKES,
      async run(tenant) {
        const { seen, version } = await put(tenant);
        expectSeen(seen, { status: 200 });
        expect(record(seen.json).value === "worth nothing", "the value is not in the answer");
        expect(/^[0-9a-f]{32}$/.test(version), "the version has another form");
        return undefined;
      },
    },
    {
      id: "vault-update-keeps",
      claim: "an update keeps the attributes that it does not name, and replaces the tags as a whole",
      makes: MAKES,
      async run(tenant) {
        const exp = 2_000_000_000;
        const { name, version } = await put(tenant, {
          tags: { a: "1", b: "2" },
          contentType: "text/plain",
          attributes: { exp },
        });
        const changed = await tenant.vault("PATCH", `/secrets/${name}/${version}${API}`, {
          body: { tags: { c: "3" } },
        });
        expectSeen(changed, { status: 200 });
        const { tags, contentType, attributes } = record(changed.json);
        expect(record(attributes).exp === exp, "the expiry was lost");
        expect(contentType === "text/plain", "the content type was lost");
        expect(JSON.stringify(tags) === '{"c":"3"}', `the tags are ${Object.keys(record(tags)).join(", ")}`);
        return undefined;
      },
    },
    {
      id: "vault-value-fixed",
      claim: "an update cannot change the value",
      makes: MAKES,
      async run(tenant) {
        const { name, version } = await put(tenant);
        expectSeen(await tenant.vault("PATCH", `/secrets/${name}/${version}${API}`, { body: { value: "another" } }), {
          status: 400,
          code: "BadParameter",
        });
        return undefined;
      },
    },
    {
      id: "vault-name-length",
      claim: "a name may have 127 characters and not 128",
      makes: MAKES,
      async run(tenant) {
        const long = (length: number) => tenant.newName().padEnd(length, "x");
        expectSeen((await put(tenant, {}, long(127))).seen, { status: 200 });
        expectSeen(await tenant.vault("PUT", `/secrets/${long(128)}${API}`, { body: { value: "worth nothing" } }), {
          status: 400,
        });
        return undefined;
      },
    },
    {
      id: "vault-tags",
      claim: "a secret may have fifteen tags and not sixteen",
      makes: MAKES,
      async run(tenant) {
        const tags = (count: number) =>
          Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "x"]));
        expectSeen((await put(tenant, { tags: tags(15) })).seen, { status: 200 });
        expectSeen((await put(tenant, { tags: tags(16) })).seen, { status: 400, code: "BadParameter" });
        return undefined;
      },
    },
    {
      id: "vault-before-1970",
      claim: "a time before 1970 is refused",
      makes: MAKES,
      async run(tenant) {
        expectSeen((await put(tenant, { attributes: { nbf: -1 } })).seen, { status: 400, code: "BadParameter" });
        return undefined;
      },
    },
    {
      id: "vault-list-no-values",
      claim: "lists of versions show no value and come in no promised order",
      makes: MAKES,
      async run(tenant) {
        const { name } = await put(tenant);
        await put(tenant, {}, name);
        const seen = await tenant.vault("GET", `/secrets/${name}/versions${API}`);
        expectSeen(seen, { status: 200 });
        expect(items(seen.json).length === 2, `${items(seen.json).length} versions are listed`);
        expect(
          items(seen.json).every((one) => !("value" in one)),
          "a value is listed",
        );
        return undefined;
      },
    },
    {
      id: "vault-absent",
      claim: "a secret that is not there is a 404 SecretNotFound",
      async run({ vault, newName }) {
        expectSeen(await vault("GET", `/secrets/${newName()}${API}`), { status: 404, code: "SecretNotFound" });
        return undefined;
      },
    },
    {
      id: "vault-deleted-name",
      claim: "the name of a deleted secret cannot be used: 409 with the inner code ObjectIsDeletedButRecoverable",
      makes: MAKES,
      async run(tenant) {
        const { name } = await put(tenant);
        expectSeen(await tenant.vault("DELETE", `/secrets/${name}${API}`), { status: 200 });
        const again = () => tenant.vault("PUT", `/secrets/${name}${API}`, { body: { value: "again" } });
        const seen = await tenant.eventually(again, ({ json }) =>
          JSON.stringify(json).includes("ObjectIsDeletedButRecoverable"),
        );
        expectSeen(seen, { status: 409, code: "ObjectIsDeletedButRecoverable" });
        return undefined;
      },
    },
    {
      id: "vault-challenge",
      claim: "a request without a token is answered 401 with authorization and resource in the challenge",
      async run({ vaultUrl, tenantId }) {
        const { status, headers } = seenIn(await ask(`${vaultUrl}/secrets${API}`), "the vault");
        const challenge = headers.get("www-authenticate") ?? "";
        expect(status === 401, `it is answered ${status}`);
        expect(
          new RegExp(`authorization="https://[^"]+/${tenantId}"`).test(challenge),
          "the challenge does not name the tenant",
        );
        expect(/resource="https:\/\/[^"]+"/.test(challenge), "the challenge names no resource");
        return undefined;
      },
    },
    {
      id: "vault-api-version",
      claim: "a version of the API that does not exist is a 400 BadParameter",
      async run({ vault }) {
        expectSeen(await vault("GET", "/secrets?api-version=1999-01-01"), { status: 400, code: "BadParameter" });
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["vault"] }));
