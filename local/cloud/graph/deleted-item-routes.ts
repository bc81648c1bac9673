import { type Context, Hono } from "hono";
import { newApplication } from "../directory/application.ts";
import type { Directory } from "../directory/create-directory.ts";
import type { Delay } from "../directory/records.ts";
import { newServicePrincipal } from "../directory/service-principal.ts";
import { restorable, restorablePrincipals, restore, restorePrincipal } from "../directory/soft-delete.ts";
import { servicePrincipalWithAppId } from "../directory/state.ts";
import { answerMany, answerOne } from "./answer.ts";
import { applicationAnswer } from "./applications/application-answer.ts";
import type { Authenticated } from "./caller.ts";
import { readKey } from "./odata/path.ts";
import { readQuery } from "./odata/query.ts";
import { requireOwner, requireRight } from "./permissions.ts";
import { notFound } from "./refusal.ts";
import { nameInUse } from "./service-principals/name-in-use.ts";
import { servicePrincipalAnswer } from "./service-principals/service-principal-answer.ts";

const APPLICATION = "microsoft.graph.application";
const PRINCIPAL = "microsoft.graph.servicePrincipal";

/** Something in the recycle bin, whatever its type. */
interface Item {
  id: string;
  type: typeof APPLICATION | typeof PRINCIPAL;
  owners: string[];
  answer: object;
  restore(): void;
  purge(): void;
}

/**
 * `/directory/deletedItems` for applications and service principals (Microsoft Learn: "List deletedItems", "Get deleted
 * item", "Restore deleted item", "Permanently delete item"). Of the properties only displayName can be filtered by;
 * whether Graph takes others is unverified.
 */
export function deletedItemRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const list = (c: Context<Authenticated>, type: Item["type"], properties: string[]): Response => {
    requireRight(c.get("caller"), "read deleted applications");
    const query = readQuery(c, { type, list: { properties, filterable: ["displayName"] } });
    const some = items(directory, directory.delayOfReads()).filter((item) => item.type === type);
    const set = type === APPLICATION ? "applications" : "servicePrincipals";
    return answerMany(
      c,
      some.map(({ answer }) => answer),
      { set, query },
    );
  };
  const find = (c: Context<Authenticated>): Item => {
    const caller = c.get("caller");
    const right = requireRight(caller, "restore or purge");
    const item = named(items(directory), c.req.param("key") ?? "");
    requireOwner(right, caller, item.owners);
    return item;
  };
  const application = Object.keys(applicationAnswer(newApplication("", new Date(0)), directory));
  const principal = Object.keys(servicePrincipalAnswer(newServicePrincipal(""), directory));

  routes.get(`/${APPLICATION}`, (c) => list(c, APPLICATION, application));
  routes.get(`/${PRINCIPAL}`, (c) => list(c, PRINCIPAL, principal));
  routes.get("/:key", (c) => {
    requireRight(c.get("caller"), "read deleted applications");
    const { type, answer } = named(items(directory, directory.delayOfReads()), c.req.param("key"));
    const query = readQuery(c, { type });
    return answerOne(c, { "@odata.type": `#${type}`, ...answer }, { set: "directoryObjects", query });
  });
  routes.delete("/:key", (c) => {
    find(c).purge();
    return c.body(null, 204);
  });
  routes.post("/:key/restore", (c) => {
    const item = find(c);
    item.restore();
    const answer = { "@odata.type": `#${item.type}`, ...item.answer, deletedDateTime: null };
    return answerOne(c, answer, { set: "directoryObjects" });
  });
  return routes;
}

function items(directory: Directory, delay?: Delay): Item[] {
  const { state } = directory;
  const applications = restorable(state, delay).map(
    (one): Item => ({
      id: one.application.id,
      type: APPLICATION,
      owners: one.application.owners,
      answer: applicationAnswer(one.application, directory, one.deletedDateTime),
      restore: () => restore(state, one),
      purge: () => state.deletedApplications.remove(one.application.id),
    }),
  );
  const principals = restorablePrincipals(state, delay).map(
    (one): Item => ({
      id: one.principal.id,
      type: PRINCIPAL,
      owners: one.principal.owners,
      answer: { ...servicePrincipalAnswer(one.principal, directory), deletedDateTime: one.deletedDateTime },
      restore() {
        if (servicePrincipalWithAppId(state, one.principal.appId)) throw nameInUse(one.principal.appId);
        restorePrincipal(state, one);
      },
      purge: () => state.deletedServicePrincipals.remove(one.principal.id),
    }),
  );
  return [...applications, ...principals];
}

function named(all: Item[], segment: string): Item {
  const { value } = readKey(segment, []);
  const item = all.find(({ id }) => id.toLowerCase() === value.toLowerCase());
  if (!item) throw notFound(value);
  return item;
}
