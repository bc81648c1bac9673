import { type Context, Hono } from "hono";
import { type Application, newApplication } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { softDelete } from "../../directory/soft-delete.ts";
import { answerCount, answerMany, answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { expanded } from "../odata/expansion.ts";
import { readKey } from "../odata/path.ts";
import { type Query, type QueryRules, readQuery } from "../odata/query.ts";
import { withinReach } from "../odata/within-reach.ts";
import { ownerAnswers } from "../owner-answers.ts";
import { requireOwner, requireRight } from "../permissions.ts";
import { wantsCreation } from "../prefer.ts";
import { notFound } from "../refusal.ts";
import { readBody } from "../request-body.ts";
import { applicationAnswer, passwordAnswer } from "./application-answer.ts";
import { APPLICATION_BODY, APPLICATION_CREATION } from "./application-body.ts";
import { changeApplication, createApplication } from "./application-writes.ts";
import { APPLICATION_KEYS, applicationToChange, findApplication, readApplication, replicated } from "./find.ts";

const SET = "applications";
const ONE: QueryRules = { type: "microsoft.graph.application", unmodelled: ["logo"], expandable: ["owners"] };

/** Of what can be filtered by, only what Microsoft Learn, "Advanced query capabilities", names (without its extras). */
function rulesOfLists(directory: Directory): QueryRules {
  return {
    ...ONE,
    list: {
      properties: Object.keys(applicationAnswer(newApplication("", new Date(0)), directory)),
      filterable: [
        "id",
        "appId",
        "createdDateTime",
        "displayName",
        "identifierUris",
        "publisherDomain",
        "signInAudience",
        "tags",
        "uniqueName",
        "web",
        "spa",
        "publicClient",
        "serviceManagementReference",
      ],
      sortable: ["displayName", "createdDateTime"],
      searchable: ["displayName", "description"],
    },
  };
}

/** `/applications`: listing, creating, reading, upserting, changing and deleting (Microsoft Learn: "application resource type"). */
export function applicationRoutes(directory: Directory): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  const ofLists = rulesOfLists(directory);
  const shown = (application: Application, { expand }: Pick<Query, "expand">): object =>
    expanded(applicationAnswer(application, directory), expand, () => ownerAnswers(application.owners, directory));

  routes.get("/", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, ofLists);
    const names = ["id", "appId", "uniqueName"] as const;
    const all = withinReach(directory.state.applications, query.filter, { names, delay: directory.delayOfReads() });
    return answerMany(
      c,
      all.map((application) => shown(application, query)),
      { set: SET, query },
    );
  });

  routes.get("/$count", (c) => {
    requireRight(c.get("caller"), "read applications");
    const all = directory.state.applications.list(directory.delayOfReads());
    return answerCount(
      c,
      all.map((application) => applicationAnswer(application, directory)),
      ofLists,
    );
  });

  routes.post("/", async (c) => {
    const caller = c.get("caller");
    requireRight(caller, "write applications");
    const creation = await readBody(c, APPLICATION_CREATION);
    const { application, secrets } = createApplication(directory, creation, { uniqueName: null, caller });
    // This answer alone shows the values of the secrets that were made up.
    const passwordCredentials = secrets.map((secret) => ({ ...passwordAnswer(secret), secretText: secret.value }));
    const answer = { ...applicationAnswer(application, directory), passwordCredentials };
    return answerOne(c, answer, { set: SET, status: 201 });
  });

  routes.get("/:key", (c) => {
    requireRight(c.get("caller"), "read applications");
    const query = readQuery(c, ONE);
    const application = readApplication(directory, readKey(c.req.param("key"), APPLICATION_KEYS));
    return answerOne(c, shown(application, query), { set: SET, query });
  });

  routes.patch("/:key", (c) => patch(c, directory));

  routes.delete("/:key", (c) => {
    const application = applicationToChange(c, directory, {
      operation: "write applications",
      alternateKeys: APPLICATION_KEYS,
    });
    softDelete(directory.state, application);
    return c.body(null, 204);
  });
  return routes;
}

async function patch(c: Context<Authenticated>, directory: Directory): Promise<Response> {
  const caller = c.get("caller");
  const right = requireRight(caller, "write applications");
  const key = readKey(c.req.param("key") ?? "", APPLICATION_KEYS);
  const change = await readBody(c, APPLICATION_BODY);
  const isUpsert = key.by === "uniqueName" && wantsCreation(c);
  // An upsert goes to where names are kept unique, and so finds what other replicas do not know yet (unverified).
  const existing = isUpsert ? findApplication(directory, key) : replicated(directory, key);
  if (existing) {
    requireOwner(right, caller, existing.owners);
    changeApplication(directory, existing, change);
    return c.body(null, 204);
  }
  if (!isUpsert) throw notFound(key.value);
  const { application } = createApplication(directory, change, { uniqueName: key.value, caller });
  return answerOne(c, applicationAnswer(application, directory), { set: SET, status: 201 });
}
