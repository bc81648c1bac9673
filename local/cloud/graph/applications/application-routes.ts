import { type Context, Hono } from "hono";
import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { softDelete } from "../../directory/soft-delete.ts";
import { answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { hasKey, type Key, readKey } from "../odata/path.ts";
import { readQuery } from "../odata/query.ts";
import { type Operation, requireOwner, requireRight } from "../permissions.ts";
import { wantsCreation } from "../prefer.ts";
import { notFound } from "../refusal.ts";
import { readBody } from "../request-body.ts";
import { applicationAnswer } from "./application-answer.ts";
import { APPLICATION_BODY } from "./application-body.ts";
import { changeApplication, createApplication } from "./application-writes.ts";

const TYPE = "microsoft.graph.application";
const SET = "applications";
const KEYS = ["appId", "uniqueName"];

/** `/applications/{key}`: reading, upserting, changing and deleting (Microsoft Learn: "application resource type"). */
export function applicationRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.get("/:key", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, { type: TYPE });
    const application = readApplication(directory, readKey(c.req.param("key"), KEYS));
    return answerOne(c, applicationAnswer(application, directory), { set: SET, query });
  });

  routes.patch("/:key", async (c) => {
    const caller = c.get("caller");
    const right = requireRight(caller, "write applications");
    const key = readKey(c.req.param("key"), KEYS);
    const change = await readBody(c, APPLICATION_BODY);
    const isUpsert = key.by === "uniqueName" && wantsCreation(c);
    // An upsert goes to where names are kept unique, and so finds what other replicas do not know yet (unverified).
    const existing = isUpsert ? find(directory.state.applications.list(), key) : replicated(directory, key);
    if (existing) {
      requireOwner(right, caller, existing.owners);
      changeApplication(directory, existing, change);
      return c.body(null, 204);
    }
    if (!isUpsert) throw notFound(key.value);
    const created = createApplication(directory, change, { uniqueName: key.value, caller });
    return answerOne(c, applicationAnswer(created, directory), { set: SET, status: 201 });
  });

  routes.delete("/:key", (c) => {
    const application = applicationToChange(c, directory, { operation: "write applications", alternateKeys: KEYS });
    softDelete(directory.state, application);
    return c.body(null, 204);
  });
  return routes;
}

/** The application as readers see it now. */
export function readApplication(directory: Directory, key: Key): Application {
  const application = find(directory.state.applications.list(directory.delayOfReads()), key);
  if (!application) throw notFound(key.value);
  return application;
}

/** The application that the request addresses, if the caller may do that to it. */
export function applicationToChange(
  c: Context<Authenticated>,
  directory: Directory,
  { operation, alternateKeys }: { operation: Operation; alternateKeys: string[] },
): Application {
  const right = requireRight(c.get("caller"), operation);
  const key = readKey(c.req.param("key") ?? "", alternateKeys);
  const application = replicated(directory, key);
  if (!application) throw notFound(key.value);
  requireOwner(right, c.get("caller"), application.owners);
  return application;
}

function replicated(directory: Directory, key: Key): Application | undefined {
  return find(directory.state.applications.list(directory.delayOfReferences()), key);
}

function find(applications: Application[], key: Key): Application | undefined {
  return applications.find((application) => hasKey(application, key));
}
