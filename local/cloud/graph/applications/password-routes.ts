import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Directory } from "../../directory/create-directory.ts";
import type { Secret } from "../../directory/secret.ts";
import { answerOne } from "../answer.ts";
import type { Authenticated } from "../caller.ts";
import { badRequest } from "../refusal.ts";
import { type BodyRules, readBody } from "../request-body.ts";
import { passwordAnswer } from "./application-answer.ts";
import { passwordCredential } from "./application-schema.ts";
import { type Holder, madeUp } from "./secrets.ts";

const addition = z.strictObject({ passwordCredential: passwordCredential.nullish() });
/** Of the rest of the type it is unverified what Graph says. */
const ADDITION: BodyRules<z.infer<typeof addition>> = {
  resource: "PasswordCredential",
  schema: addition,
  notModelled: {
    "passwordCredential.customKeyIdentifier": null,
    "passwordCredential.hint": null,
    "passwordCredential.keyId": null,
    "passwordCredential.secretText": null,
  },
};
const removal = z.strictObject({ keyId: z.guid() });

/** What secrets can be added to: an application, or a service principal. */
export interface Keeper {
  /** What the request addresses, if the caller may write its secrets, and how to give it others. */
  find(c: Context<Authenticated>): Omit<Holder, "caller"> & { put(secrets: Secret[]): void };
}

/**
 * `addPassword` and `removePassword` (Microsoft Learn: "application: addPassword", "servicePrincipal: addPassword", and
 * the same with "removePassword").
 */
export function passwordRoutes(directory: Directory, keeper: Keeper): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.post("/:key/addPassword", async (c) => {
    const body = await readBody(c, ADDITION);
    const { put, ...holder } = keeper.find(c);
    const secret = madeUp(directory, body.passwordCredential, { ...holder, caller: c.get("caller") });
    put([...holder.secrets, secret]);
    const answer = { ...passwordAnswer(secret), secretText: secret.value };
    return answerOne(c, answer, { set: "microsoft.graph.passwordCredential" });
  });

  routes.post("/:key/removePassword", async (c) => {
    const { keyId } = await readBody(c, { resource: "PasswordCredential", schema: removal });
    const { secrets, put } = keeper.find(c);
    const left = secrets.filter((secret) => secret.keyId !== keyId);
    if (left.length === secrets.length) throw badRequest(`No password credential found with keyId '${keyId}'.`);
    put(left);
    return c.body(null, 204);
  });
  return routes;
}
