import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Application, FederatedIdentityCredential } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { merged } from "../merged.ts";
import { readKey } from "../odata/path.ts";
import { readQuery } from "../odata/query.ts";
import { requireRight } from "../permissions.ts";
import { badRequest, notFound, refuse } from "../refusal.ts";
import { type BodyRules, readBody } from "../request-body.ts";
import { applicationToChange, readApplication } from "./find.ts";

const RESOURCE = "FederatedIdentityCredential";
const TYPE = "microsoft.graph.federatedIdentityCredential";
const SET = "federatedIdentityCredentials";
/** Microsoft Learn: "Important considerations and restrictions for federated identity credentials". */
const MOST = 20;

const change = z
  .strictObject({
    issuer: z.string().min(1).max(600),
    subject: z.string().min(1).max(600),
    description: z.string().max(600).nullable(),
    audiences: z.array(z.string().max(600)).length(1),
  })
  .partial();
const creation = change.required({ issuer: true, subject: true, audiences: true }).extend({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{2,119}$/),
});
const notModelled = { claimsMatchingExpression: null };
const CREATION: BodyRules<z.infer<typeof creation>> = { resource: RESOURCE, schema: creation, notModelled };
const CHANGE: BodyRules<z.infer<typeof change>> = {
  resource: RESOURCE,
  schema: change,
  readOnly: ["id", "name"],
  notModelled,
};

/**
 * `/applications/{id}/federatedIdentityCredentials` (Microsoft Learn: "federatedIdentityCredential resource type").
 * Nobody signs in with them here.
 */
export function federatedCredentialRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const read = (c: Context<Authenticated>): FederatedIdentityCredential[] => {
    requireRight(c.get("caller"), "read applications");
    return readApplication(directory, readKey(c.req.param("key") ?? "", ["appId"])).federatedIdentityCredentials;
  };
  const find = (c: Context<Authenticated>): Application =>
    applicationToChange(c, directory, { operation: "write applications", alternateKeys: ["appId"] });
  const put = (application: Application, federatedIdentityCredentials: FederatedIdentityCredential[]): void =>
    directory.state.applications.put(application.id, { ...application, federatedIdentityCredentials });

  routes.get("/:key/federatedIdentityCredentials", (c) => {
    const list = { properties: ["id", "name", "issuer", "subject", "description", "audiences"], filterable: ["name"] };
    return answerMany(c, read(c), { set: SET, query: readQuery(c, { type: TYPE, list }) });
  });
  routes.get("/:key/federatedIdentityCredentials/:id", (c) =>
    answerOne(c, named(read(c), c.req.param("id")), { set: SET, query: readQuery(c, { type: TYPE }) }),
  );
  routes.post("/:key/federatedIdentityCredentials", async (c) => {
    const body = await readBody(c, CREATION);
    const application = find(c);
    const credential = { id: randomUUID(), ...body, description: body.description ?? null };
    checkAmong(application.federatedIdentityCredentials, credential);
    put(application, [...application.federatedIdentityCredentials, credential]);
    return answerOne(c, credential, { set: SET, status: 201 });
  });
  routes.patch("/:key/federatedIdentityCredentials/:id", async (c) => {
    const body = await readBody(c, CHANGE);
    const application = find(c);
    const old = named(application.federatedIdentityCredentials, c.req.param("id"));
    const others = application.federatedIdentityCredentials.filter((one) => one !== old);
    const changed = merged(old, body);
    checkAmong(others, changed);
    put(application, [...others, changed]);
    return c.body(null, 204);
  });
  routes.delete("/:key/federatedIdentityCredentials/:id", (c) => {
    const application = find(c);
    const gone = named(application.federatedIdentityCredentials, c.req.param("id"));
    put(
      application,
      application.federatedIdentityCredentials.filter((one) => one !== gone),
    );
    return c.body(null, 204);
  });
  return routes;
}

/** By id or by name. */
function named(credentials: FederatedIdentityCredential[], key: string): FederatedIdentityCredential {
  const found = credentials.find(({ id, name }) => id === key || key === `<name>${name}` || name === key);
  if (!found) throw notFound(key);
  return found;
}

function checkAmong(others: FederatedIdentityCredential[], wanted: FederatedIdentityCredential): void {
  if (others.some(({ name }) => name === wanted.name)) {
    const message = `FederatedIdentityCredential with name ${wanted.name} already exists.`;
    throw refuse(409, "Request_MultipleObjectsWithSameKeyValue", message);
  }
  if (others.some(({ issuer, subject }) => issuer === wanted.issuer && subject === wanted.subject)) {
    throw badRequest("FederatedIdentityCredential with this issuer and subject already exists.");
  }
  if (others.length >= MOST) throw badRequest("The maximum number of federated identity credentials has been reached.");
}
