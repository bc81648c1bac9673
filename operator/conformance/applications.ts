import { NeverSent, once, onceMade } from "./calls.ts";
import { type Application, type Call, inWords, record, type Secret, type Tenant } from "./case.ts";
import { type Patiently, removeApplication } from "./remove.ts";
import type { ThrowAway } from "./throw-away.ts";

interface Given extends Pick<Tenant, "graph" | "signIn" | "eventually" | "newName" | "graphUrl"> {
  thrown: ThrowAway;
  /** For removing, also after the end was asked for. */
  last: { graph: Call; patiently: Patiently };
}

/** Minutes within which a new secret is known everywhere; some have taken that long. */
const SPREADS = 3;

/** Throw-away applications; that of the run has a service principal and a secret once somebody needs them. */
export function throwAwayApplications(given: Given): Pick<Tenant, "application" | "principal" | "secret"> {
  const { graph, eventually } = given;
  const shared = onceMade(() => create(given, {}));
  const principal = onceMade(async () => {
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
  return {
    application: (body) => (body === undefined ? shared() : create(given, body)),
    principal,
    // Each attempt may take minutes: one that has failed is not repeated by every case.
    secret: once(async () => {
      await principal();
      return issue(given, await shared());
    }),
  };
}

async function create({ graph, eventually, newName, thrown, last }: Given, body: object): Promise<Application> {
  const uniqueName = newName();
  const what = `application ${uniqueName}`;
  const byName = `(uniqueName='${uniqueName}')`;
  let key = byName;
  // The answer may be lost after all was done; then the name finds it.
  thrown.add(what, () => removeApplication(last.graph, key, last.patiently));
  const seen = await graph("PATCH", `/applications${byName}`, {
    headers: { prefer: "create-if-missing" },
    body: { displayName: uniqueName, signInAudience: "AzureADMyOrg", ...body },
  }).catch((error: unknown) => {
    if (error instanceof NeverSent) thrown.drop(what);
    throw error;
  });
  const { id, appId } = record(seen.json);
  if (seen.status !== 201) {
    if (seen.status < 500) thrown.drop(what);
    throw new Error(
      `a throw-away application cannot be made: ${seen.status} ${JSON.stringify(record(seen.json).error)}`,
    );
  }
  key = String(id);
  await eventually(
    () => graph("GET", `/applications/${id}`),
    ({ status }) => status === 200,
  );
  return { id: key, appId: String(appId), uniqueName };
}

async function issue({ graph, signIn, eventually, graphUrl }: Given, { id, appId }: Application): Promise<Secret> {
  const { keyId, secretText } = record((await graph("POST", `/applications/${id}/addPassword`, { body: {} })).json);
  const form = {
    client_id: appId,
    client_secret: String(secretText),
    grant_type: "client_credentials",
    scope: `${graphUrl}/.default`,
  };
  const seen = await eventually(
    () => signIn(form),
    ({ status }) => status === 200,
    SPREADS,
  );
  if (seen.status !== 200)
    throw new Error(`Entra has not taken a new client secret in ${SPREADS} minutes: ${inWords(seen)}`);
  return { keyId: String(keyId), value: String(secretText) };
}
