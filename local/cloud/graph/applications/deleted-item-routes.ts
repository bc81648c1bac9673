import { Hono } from "hono";
import type { Directory } from "../../directory/create-directory.ts";
import { restorable, restore } from "../../directory/soft-delete.ts";
import { answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { readKey } from "../odata/path.ts";
import { readQuery } from "../odata/query.ts";
import { requireOwner, requireRight } from "../permissions.ts";
import { notFound } from "../refusal.ts";
import { applicationAnswer } from "./application-answer.ts";

const TYPE = "microsoft.graph.application";

/**
 * `/directory/deletedItems` for applications (Microsoft Learn: "List deletedItems", "Restore deleted item"). Of the
 * properties only displayName can be filtered by; whether Graph takes others is unverified.
 */
export function deletedItemRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.get("/microsoft.graph.application", (c) => {
    requireRight(c.get("caller"), "read deleted applications");
    const query = readQuery(c, { type: TYPE, filterable: ["displayName"], paged: true });
    const deleted = restorable(directory.state, directory.delayOfReads());
    const answers = deleted.map((one) => applicationAnswer(one.application, directory, one.deletedDateTime));
    return answerMany(c, answers, { set: "applications", query });
  });

  routes.post("/:key/restore", (c) => {
    const caller = c.get("caller");
    const right = requireRight(caller, "restore applications");
    const { value: id } = readKey(c.req.param("key"), []);
    const deleted = restorable(directory.state).find(({ application }) => application.id === id);
    if (!deleted) throw notFound(id);
    requireOwner(right, caller, deleted.application.owners);
    restore(directory.state, deleted);
    const answer = { "@odata.type": `#${TYPE}`, ...applicationAnswer(deleted.application, directory) };
    return answerOne(c, answer, { set: "directoryObjects" });
  });
  return routes;
}
