import { randomUUID } from "node:crypto";
import { type Case, expect, expectSeen, items, record } from "../case.ts";

const MAKES = ["an app registration", "a client secret"];

/** Client secrets, as Microsoft Graph issues and removes them. */
export const PASSWORDS: Case[] = [
  {
    id: "graph-secret-once",
    claim: "addPassword shows the secret's value once, and its first three characters for ever",
    makes: MAKES,
    async run({ graph, application, eventually }) {
      const { id } = await application({});
      const added = await graph("POST", `/applications/${id}/addPassword`, {
        body: { passwordCredential: { displayName: "conformance" } },
      });
      expectSeen(added, { status: 200 });
      const { keyId, secretText, hint, displayName } = record(added.json);
      expect(
        typeof secretText === "string" && secretText.length >= 16,
        "there is no secretText of 16 characters or more",
      );
      expect(hint === secretText.slice(0, 3), "the hint is not what the value begins with");
      expect(displayName === "conformance", "the name was not kept");
      const seen = await eventually(
        () => graph("GET", `/applications/${id}?$select=passwordCredentials`),
        ({ json }) => items(json, "passwordCredentials").length > 0,
      );
      const listed = items(seen.json, "passwordCredentials").find((one) => one.keyId === keyId);
      expect(listed !== undefined, "it is not listed");
      expect((listed.secretText ?? null) === null, "the list shows its value");
      return `${secretText.length} characters`;
    },
  },
  {
    id: "graph-remove-unknown",
    claim: "removePassword of a key that is not there is refused by its message, not by a code of its own",
    makes: ["an app registration"],
    async run({ graph, application }) {
      const { id } = await application();
      const seen = await graph("POST", `/applications/${id}/removePassword`, { body: { keyId: randomUUID() } });
      expectSeen(seen, { status: [400, 404], says: "No password credential found with keyId" });
      return `status ${seen.status}`;
    },
  },
  {
    id: "graph-secret-past",
    claim: "A secret that has ended before it begins is refused",
    makes: ["an app registration"],
    async run({ graph, application }) {
      const { id } = await application();
      const passwordCredential = { displayName: "conformance", endDateTime: "2020-01-01T00:00:00Z" };
      const seen = await graph("POST", `/applications/${id}/addPassword`, { body: { passwordCredential } });
      expectSeen(seen, { status: 400 });
      return String(record(record(seen.json).error).code);
    },
  },
  {
    id: "graph-foreign-password",
    claim: "Application.ReadWrite.OwnedBy gives no right over the secrets of others: an unknown application is a 404",
    async run({ graph }) {
      expectSeen(await graph("POST", `/applications/${randomUUID()}/addPassword`, { body: {} }), {
        status: [403, 404],
      });
      return undefined;
    },
  },
  {
    id: "graph-secret-by-unique-name",
    claim: "addPassword does not take the application by its uniqueName",
    makes: ["an app registration"],
    async run({ graph, application }) {
      const { uniqueName } = await application();
      const seen = await graph("POST", `/applications(uniqueName='${uniqueName}')/addPassword`, { body: {} });
      expectSeen(seen, { status: [400, 404] });
      return `status ${seen.status}`;
    },
  },
];
