import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Directory } from "../directory/create-directory.ts";
import { newServicePrincipal } from "../directory/service-principal.ts";
import { answerMany, context } from "./answer.ts";
import type { Authenticated } from "./caller.ts";
import { readQuery } from "./odata/query.ts";
import { ownerAnswers } from "./owner-answers.ts";
import { ownedObjectId } from "./owners.ts";
import { requireRight } from "./permissions.ts";
import { badRequest, notFound } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import { servicePrincipalAnswer } from "./service-principals/service-principal-answer.ts";

const reference = z.strictObject({ "@odata.id": z.string() });

/** What can be owned: an application, or a service principal. */
export interface Property {
  /** The owners of what the request addresses, as readers see them now. */
  read(c: Context<Authenticated>): string[];
  /** The same for a write, if the caller may change them, and how to do that. */
  find(c: Context<Authenticated>): { owners: string[]; put(owners: string[]): void };
}

/** `owners` and `owners/$ref` (Microsoft Learn: "application: Add owner", "List owners", "Remove owner", and for SPs). */
export function ownerRoutes(directory: Directory, property: Property): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const properties = Object.keys(servicePrincipalAnswer(newServicePrincipal(""), directory));
  // Of an owner any property of its own type can be selected, and people have many.
  const queryOf = (c: Context<Authenticated>) =>
    readQuery(c, { type: "microsoft.graph.directoryObject", unmodelled: "others", list: { properties } });
  const shown = (c: Context<Authenticated>): object[] => {
    requireRight(c.get("caller"), "read applications");
    return ownerAnswers(property.read(c), directory);
  };

  routes.get("/:key/owners", (c) => answerMany(c, shown(c), { set: "directoryObjects", query: queryOf(c) }));
  routes.get("/:key/owners/:type{microsoft\\.graph\\.(?:servicePrincipal|user)}", (c) => {
    const type = `#${c.req.param("type")}`;
    const some = shown(c).filter((owner) => "@odata.type" in owner && owner["@odata.type"] === type);
    return answerMany(c, some, { set: "directoryObjects", query: queryOf(c) });
  });
  routes.get("/:key/owners/$ref", (c) => {
    const { origin } = new URL(c.req.url);
    const ids = shown(c).map((owner) => ("id" in owner ? String(owner.id) : ""));
    const value = ids.map((id) => ({ "@odata.id": `${origin}/v1.0/directoryObjects/${id}` }));
    return c.json({ "@odata.context": context(c, "Collection($ref)"), value });
  });

  routes.post("/:key/owners/$ref", async (c) => {
    const body = await readBody(c, { resource: "DirectoryObject", schema: reference });
    const { owners, put } = property.find(c);
    const id = ownedObjectId(body["@odata.id"], directory);
    if (owners.includes(id)) {
      throw badRequest(
        "One or more added object references already exist for the following modified properties: 'owners'.",
      );
    }
    put([...owners, id]);
    return c.body(null, 204);
  });

  routes.delete("/:key/owners/:owner/$ref", (c) => {
    const { owners, put } = property.find(c);
    const id = c.req.param("owner");
    if (!owners.includes(id)) throw notFound(id);
    put(owners.filter((owner) => owner !== id));
    return c.body(null, 204);
  });
  return routes;
}
