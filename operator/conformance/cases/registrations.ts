import { type Case, expect, expectSeen, items, NotThere, record } from "../case.ts";

const UPSERT = { prefer: "create-if-missing" };
const MAKES = ["an app registration"];

/** How Microsoft Graph creates and names app registrations. */
export const REGISTRATIONS: Case[] = [
  {
    id: "graph-upsert-again",
    claim: "A second upsert by uniqueName answers 204 and makes nothing",
    makes: MAKES,
    async run({ graph, application }) {
      const { uniqueName, appId } = await application();
      const path = `/applications(uniqueName='${uniqueName}')`;
      expectSeen(await graph("PATCH", path, { headers: UPSERT, body: { displayName: uniqueName } }), { status: 204 });
      const found = await graph("GET", `${path}?$select=appId`);
      expect(record(found.json).appId === appId, "the upsert made another application");
      return undefined;
    },
  },
  {
    id: "graph-patch-absent",
    claim: "A PATCH by a uniqueName that nobody has is a 404 without Prefer: create-if-missing",
    async run({ graph, newName }) {
      expectSeen(await graph("PATCH", `/applications(uniqueName='${newName()}')`, { body: { displayName: "x" } }), {
        status: 404,
        code: "Request_ResourceNotFound",
      });
      return undefined;
    },
  },
  {
    id: "graph-unique-name-fixed",
    claim: "The unique name cannot be set or changed by a body",
    makes: MAKES,
    async run({ graph, application, newName }) {
      const { id } = await application();
      expectSeen(await graph("PATCH", `/applications/${id}`, { body: { uniqueName: newName() } }), { status: 400 });
      return undefined;
    },
  },
  {
    id: "graph-unique-name-created",
    claim: "A POST that names a unique name is refused: only an upsert sets it",
    async run({ postToGraph, newName }) {
      const displayName = newName();
      const seen = await postToGraph("/applications", {
        displayName,
        uniqueName: displayName,
        signInAudience: "AzureADMyOrg",
      });
      expectSeen(seen, { status: 400 });
      return undefined;
    },
  },
  {
    id: "graph-creator-owns",
    claim: "Whoever creates an application by upsert is its owner, also as an application",
    makes: MAKES,
    async run({ graph, application, ownId, eventually }) {
      const { id } = await application();
      const owners = () => graph("GET", `/applications/${id}/owners?$select=id`);
      const seen = await eventually(owners, ({ json }) => items(json).length > 0);
      expect(
        items(seen.json).some((owner) => owner.id === ownId),
        "the creator is not among the owners",
      );
      return `${items(seen.json).length} owners`;
    },
  },
  {
    id: "graph-owners-bind",
    claim: "Owners can be named at creation, by owners@odata.bind",
    makes: MAKES,
    async run({ application, graph, graphUrl, ownId, eventually }) {
      const reference = `${graphUrl}/v1.0/directoryObjects/${ownId}`;
      const { id } = await application({ "owners@odata.bind": [reference] });
      const seen = await eventually(
        () => graph("GET", `/applications/${id}/owners?$select=id`),
        ({ json }) => items(json).length > 0,
      );
      expect(
        items(seen.json).some((owner) => owner.id === ownId),
        "the one who was named is not among the owners",
      );
      return undefined;
    },
  },
  {
    id: "graph-add-owner",
    claim: "Application.ReadWrite.OwnedBy alone cannot add an owner to what it owns",
    makes: [...MAKES, "a service principal"],
    async run({ application, principal, graph, graphUrl, permissions }) {
      const held = await permissions();
      if (
        !held.includes("Application.ReadWrite.OwnedBy") ||
        held.some((one) => /^(Directory\.|Application\.(Read|ReadWrite)\.All)/.test(one))
      )
        throw new NotThere(
          "sign in as an application that has Application.ReadWrite.OwnedBy and may not read the directory",
        );
      const { id } = await application();
      const body = { "@odata.id": `${graphUrl}/v1.0/directoryObjects/${await principal()}` };
      expectSeen(await graph("POST", `/applications/${id}/owners/$ref`, { body }), { status: 403 });
      return undefined;
    },
  },
  {
    id: "graph-federated-most",
    claim: "An application has twenty federated credentials at most",
    makes: [...MAKES, "twenty federated credentials of it, for an issuer that there is not"],
    async run({ application, graph, eventually }) {
      const { id } = await application({});
      const add = (subject: number) =>
        graph("POST", `/applications/${id}/federatedIdentityCredentials`, {
          body: {
            name: `conformance-${subject}`,
            issuer: "https://nobody.example.com",
            subject: `subject-${subject}`,
            audiences: ["api://AzureADTokenExchange"],
          },
        });
      const first = await eventually(
        () => add(1),
        ({ status }) => status !== 404,
      );
      expectSeen(first, { status: 201 });
      for (let count = 2; count <= 20; count += 1) expectSeen(await add(count), { status: 201 });
      const seen = await add(21);
      expectSeen(seen, { status: 400 });
      return String(record(record(seen.json).error).code);
    },
  },
  {
    id: "graph-app-id-uri",
    claim: "api://<client id> is always taken as App ID URI, the domain of a stranger is not",
    makes: MAKES,
    async run({ application, graph, eventually }) {
      const { id, appId } = await application();
      const set = (uri: string) => graph("PATCH", `/applications/${id}`, { body: { identifierUris: [uri] } });
      expectSeen(
        await eventually(
          () => set(`api://${appId}`),
          ({ status }) => status === 204,
        ),
        { status: 204 },
      );
      expectSeen(await set("https://nobody.example.com/api"), { status: 400 });
      return undefined;
    },
  },
  {
    id: "graph-deleted-keeps-name",
    claim: "A deleted application keeps its unique name, and the collision is a 400",
    makes: MAKES,
    async run({ application, graph, eventually }) {
      const { id, uniqueName } = await application({});
      expectSeen(await graph("DELETE", `/applications/${id}`), { status: 204 });
      const upsert = () =>
        graph("PATCH", `/applications(uniqueName='${uniqueName}')`, {
          headers: UPSERT,
          body: { displayName: uniqueName },
        });
      const seen = await eventually(upsert, ({ status }) => status === 400);
      expectSeen(seen, { status: 400, says: "same value for property uniqueName already exists" });
      return undefined;
    },
  },
  {
    id: "graph-error-shape",
    claim: "An error holds code, message, date and both request ids; the answer has the header request-id",
    async run({ graph, newName }) {
      const { json, headers } = await graph("GET", `/applications(uniqueName='${newName()}')`);
      const error = record(record(json).error);
      const inner = record(error.innerError);
      const missing = [
        ...["code", "message"].filter((name) => typeof error[name] !== "string"),
        ...["date", "request-id", "client-request-id"].filter((name) => typeof inner[name] !== "string"),
      ];
      expect(missing.length === 0, `the error has no ${missing.join(", ")}`);
      expect(headers.has("request-id"), "there is no header request-id");
      return undefined;
    },
  },
];
