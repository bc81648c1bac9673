import { z } from "zod";
import type { RegistrationName } from "../../deployment/registration-names.ts";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { Credentials, Holder } from "../../rotation/client-secret/ports.ts";
import type { Graph } from "./graph.ts";
import { asOwner } from "./ownership.ts";
import { secretLimits } from "./policies.ts";
import { saysOneOf, shaped } from "./refusals.ts";
import { applicationPath } from "./registrations.ts";

const MARK = "managed by openmetadata-entra ";
const holderSchema = z.object({
  id: z.string(),
  appId: z.string(),
  createdDateTime: z.coerce.date(),
  passwordCredentials: z.array(
    z.object({
      keyId: z.string(),
      displayName: z.string().nullish(),
      startDateTime: z.coerce.date(),
      endDateTime: z.coerce.date(),
    }),
  ),
});
const issuedSchema = z.object({ keyId: z.string(), secretText: z.string() });

/** The client secrets of one registration: those that carry our mark; those without it are only counted. */
export function credentials(graph: Graph, name: RegistrationName): Credentials {
  const own = asOwner(graph);
  return {
    async list() {
      const action = "list client secrets";
      const found = await own.find({
        action,
        path: applicationPath(name),
        query: { $select: "id,appId,createdDateTime,passwordCredentials" },
      });
      return found === undefined ? undefined : holderOf(shaped(holderSchema, found, action));
    },
    limits: secretLimits(graph),
    async issue(objectId, nonce, expiresOn) {
      const action = `issue a client secret for application "${objectId}"`;
      const answer = await own
        .post({
          action,
          path: `/applications/${objectId}/addPassword`,
          // No start time: a clock that runs ahead would make a secret that does not work yet.
          body: { passwordCredential: { displayName: MARK + nonce, endDateTime: expiresOn.toISOString() } },
          once: true,
        })
        .catch((error: unknown) => explainPolicy(action, error));
      const { keyId, secretText } = shaped(issuedSchema, answer, action);
      return { keyId, value: secretText };
    },
    async retire(objectId, keyId) {
      const action = `remove client secret "${keyId}"`;
      const path = `/applications/${objectId}/removePassword`;
      try {
        await own.post({ action, path, body: { keyId } });
      } catch (error) {
        if (!saysOneOf(error, ["no password credential found with keyid"])) throw error;
      }
    },
  };
}

function holderOf({ id, appId, createdDateTime, passwordCredentials }: z.output<typeof holderSchema>): Holder {
  const managed = passwordCredentials.flatMap(({ keyId, displayName, startDateTime, endDateTime }) =>
    displayName?.startsWith(MARK)
      ? [{ keyId, issuedOn: announcedOn(displayName) ?? startDateTime, expiresOn: endDateTime }]
      : [],
  );
  const foreign = passwordCredentials.length - managed.length;
  return { objectId: id, appId, createdOn: createdDateTime, managed, foreign };
}

/** By the clock of the run that announced it; Entra's counts only where the name does not say. */
function announcedOn(displayName: string): Date | undefined {
  const [time = ""] = displayName.slice(MARK.length).split(" ");
  const on = new Date(time);
  return Number.isNaN(on.getTime()) ? undefined : on;
}

/** Application management policies of the tenant answer 400; retrying does not help. */
function explainPolicy(action: string, error: unknown): never {
  const code = error instanceof UpstreamError ? (error.serviceCode ?? "") : "";
  if (code === "CredentialInvalidLifetimeAsPerAppPolicy") {
    const message = `Cannot ${action}: a tenant policy limits how long client secrets may live`;
    const hint = "Set SECRET_LIFETIME_DAYS (and SECRET_RENEW_BEFORE_DAYS) below that limit, or exempt the application";
    throw new StalledError("tenant-policy-conflict", message, { hint, cause: error });
  }
  if (code.startsWith("CredentialTypeNotAllowed")) {
    const message = `Cannot ${action}: a tenant policy forbids client secrets`;
    const hint = "Exempt the application from the application management policy";
    throw new StalledError("tenant-policy-conflict", message, { hint, cause: error });
  }
  throw error;
}
