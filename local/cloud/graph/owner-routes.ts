import { Hono } from "hono";
import { z } from "zod";
import type { Directory } from "../directory/create-directory.ts";
import { answerMany } from "./answer.ts";
import { applicationToChange, readApplication } from "./application-routes.ts";
import type { Authenticated } from "./caller.ts";
import { readKey } from "./odata-path.ts";
import { readQuery } from "./odata-query.ts";
import { requireRight } from "./permissions.ts";
import { badRequest, invalidIdentifier, notFound } from "./refusal.ts";
import { readBody } from "./request-body.ts";

const TYPE = "microsoft.graph.directoryObject";
const reference = z.strictObject({ "@odata.id": z.string() });

/** Owners of applications (Microsoft Learn: "application: List owners", "Add owner"). */
export function ownerRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.get("/:key/owners", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, { type: TYPE, paged: true });
    const { owners } = readApplication(directory, readKey(c.req.param("key"), ["appId"]));
    return answerMany(
      c,
      owners.map((id) => ({ "@odata.type": "#microsoft.graph.servicePrincipal", id })),
      { set: "directoryObjects", query },
    );
  });

  routes.post("/:key/owners/$ref", async (c) => {
    requireRight(c.get("caller"), "write owners");
    const given = (await readBody(c, { resource: "DirectoryObject", schema: reference }))["@odata.id"];
    const id = /\/v1\.0\/directoryObjects\/([\w-]+)$/.exec(given)?.[1];
    if (!id) throw invalidIdentifier(given);
    if (!directory.state.servicePrincipals.get(id)) throw notFound(id);
    const application = applicationToChange(c, directory, {
      operation: "write applications",
      alternateKeys: ["appId"],
    });
    if (application.owners.includes(id)) {
      throw badRequest(
        "One or more added object references already exist for the following modified properties: 'owners'.",
      );
    }
    directory.state.applications.put(application.id, { ...application, owners: [...application.owners, id] });
    return c.body(null, 204);
  });
  return routes;
}
