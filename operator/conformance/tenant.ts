import { type Clock, retry } from "../../shared/retry.ts";
import { ask, type Question } from "../ask.ts";
import { type Application, type Call, record, type Secret, seenIn, type Tenant } from "./case.ts";
import { removeApplication, removeSecret } from "./remove.ts";
import type { ThrowAway } from "./throw-away.ts";

/** Where everything is, and who looks. */
export interface Access {
  graphUrl: string;
  authorityUrl: string;
  vaultUrl: string | undefined;
  armUrl: string;
  /** Resource id. */
  siteId: string | undefined;
  events: readonly unknown[];
  tenantId: string;
  ownId: string;
  /** Names of what is made begin so. */
  prefix: string;
  tokenFor(scope: string): Promise<string>;
  clock: Clock;
}

const PAUSES = [1, 2, 4, 8, 15].map((seconds) => seconds * 1000);

/** The services, and throw-away objects in them. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list of verbs that share a counter of names and the calls below
export function openTenant(access: Access, thrown: ThrowAway): Tenant {
  const { graphUrl, authorityUrl, clock } = access;
  const graph: Call = async (method, path, more) =>
    caller(`${graphUrl}/v1.0`, () => access.tokenFor(`${graphUrl}/.default`))(method, path, more);
  const eventually: Tenant["eventually"] = (attempt, until) => retry(clock, attempt, { pauses: PAUSES, until });
  let count = 0;
  const newName = (): string => `${access.prefix}-${++count}`;
  const signIn: Tenant["signIn"] = async (form, tenantId = access.tenantId) =>
    seenIn(
      await ask(`${authorityUrl}/${tenantId}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(form) }),
      "Entra",
    );

  const create = async (body: object): Promise<Application> => {
    const uniqueName = newName();
    const path = `/applications(uniqueName='${uniqueName}')`;
    const seen = await graph("PATCH", path, {
      headers: { prefer: "create-if-missing" },
      body: { displayName: uniqueName, signInAudience: "AzureADMyOrg", ...body },
    });
    const { id, appId } = record(seen.json);
    if (seen.status !== 201)
      throw new Error(
        `a throw-away application cannot be made: ${seen.status} ${JSON.stringify(record(seen.json).error)}`,
      );
    thrown.add(`application ${uniqueName}`, () => removeApplication(graph, String(id)));
    await eventually(
      () => graph("GET", `/applications/${id}`),
      ({ status }) => status === 200,
    );
    return { id: String(id), appId: String(appId), uniqueName };
  };
  const shared = once(() => create({}));
  const principal = once(async () => {
    const { appId } = await shared();
    const upsert = () =>
      graph("PATCH", `/servicePrincipals(appId='${appId}')`, { headers: { prefer: "create-if-missing" }, body: {} });
    const made = await eventually(upsert, ({ status }) => status < 300);
    if (made.status >= 300) throw new Error(`a throw-away service principal cannot be made: ${made.status}`);
    const found = await eventually(
      () => graph("GET", `/servicePrincipals(appId='${appId}')`),
      ({ status }) => status === 200,
    );
    return String(record(found.json).id);
  });
  const secret = once(async (): Promise<Secret> => {
    await principal();
    const { id, appId } = await shared();
    const { keyId, secretText } = record((await graph("POST", `/applications/${id}/addPassword`, { body: {} })).json);
    const form = {
      client_id: appId,
      client_secret: String(secretText),
      grant_type: "client_credentials",
      scope: `${graphUrl}/.default`,
    };
    await eventually(
      () => signIn(form),
      ({ status }) => status === 200,
    );
    return { keyId: String(keyId), value: String(secretText) };
  });
  return {
    graph,
    signIn,
    published: async (path) => seenIn(await ask(`${authorityUrl}/${path}`), "Entra"),
    vault: vaultCall(access),
    vaultUrl: access.vaultUrl ?? "",
    site: (method, path, more) =>
      caller(`${access.armUrl}${access.siteId}`, () => access.tokenFor(`${access.armUrl}/.default`))(
        method,
        path,
        more,
      ),
    events: access.events,
    tenantId: access.tenantId,
    ownId: access.ownId,
    graphUrl,
    newName,
    application: (body) => (body === undefined ? shared() : create(body)),
    principal,
    secret,
    removeSecret: (name) => thrown.add(`secret ${name}`, () => removeSecret(vaultCall(access), name)),
    eventually,
  };
}

function caller(origin: string, token: () => Promise<string>): Call {
  return async (method, path, more: Pick<Question, "body" | "headers"> = {}) =>
    seenIn(
      await ask(`${origin}${path}`, { ...more, ...(method === undefined ? {} : { method }), token: await token() }),
      new URL(origin).hostname,
    );
}

/** The vault itself says whom tokens for it are for; they are sent to nobody outside of that domain. */
function vaultCall({ vaultUrl = "", tokenFor }: Access): Call {
  const scope = once(async () => {
    const { headers } = seenIn(await ask(`${vaultUrl}/secrets?api-version=7.4`), "the vault");
    const resource = /resource="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1] ?? "";
    if (!new URL(vaultUrl).hostname.endsWith(`.${new URL(resource).hostname}`))
      throw new Error("the vault names a foreign resource");
    return `${resource}/.default`;
  });
  return async (method, path, more) => caller(vaultUrl, async () => tokenFor(await scope()))(method, path, more);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
