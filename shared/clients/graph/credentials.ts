import * as z from "zod";
import type { RegistrationName } from "../../deployment/registration-names.ts";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { Credentials, Holder, Signed } from "../../rotation/client-secret/ports.ts";
import type { Graph } from "./graph.ts";
import { readName, signedName } from "./marks.ts";
import { asOwner } from "./ownership.ts";
import { secretLimits } from "./policies.ts";
import { saysOneOf, shaped } from "./refusals.ts";
import { applicationPath } from "./registrations.ts";

const holderSchema = z.object({
  id: z.string(),
  appId: z.string(),
  createdDateTime: z.coerce.date(),
  createdByAppId: z.string().nullish(),
  passwordCredentials: z.array(
    z.object({
      keyId: z.string(),
      displayName: z.string().nullish(),
      startDateTime: z.coerce.date(),
      endDateTime: z.coerce.date(),
      hint: z.string().nullish(),
    }),
  ),
});
const issuedSchema = z.object({ keyId: z.string(), secretText: z.string() });

/**
 * The client secrets of one registration, by whose they are: each credential of each installation signs its own with a
 * mark, and touches no other. Those that this app did not make are only counted.
 */
export function credentials(graph: Graph, { name, mark }: { name: RegistrationName; mark: string }): Credentials {
  const own = asOwner(graph);
  return {
    async list() {
      const action = "list client secrets";
      const found = await own.find({
        action,
        path: applicationPath(name),
        query: { $select: "id,appId,createdDateTime,createdByAppId,passwordCredentials" },
      });
      return found === undefined ? undefined : holderOf(shaped(holderSchema, found, action), mark);
    },
    limits: secretLimits(graph),
    async issue(objectId, nonce, expiresOn) {
      const action = `issue a client secret for application "${objectId}"`;
      const answer = await own
        .post({
          action,
          path: `/applications/${objectId}/addPassword`,
          // No start time: a clock that runs ahead would make a secret that does not work yet.
          body: {
            passwordCredential: {
              displayName: signedName(mark, nonce),
              endDateTime: expiresOn.toISOString(),
            },
          },
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

type Found = z.output<typeof holderSchema>;

function holderOf({ passwordCredentials, ...found }: Found, mark: string): Holder {
  const made = passwordCredentials.flatMap((one) => signedOf(one) ?? []);
  return {
    objectId: found.id,
    appId: found.appId,
    createdOn: found.createdDateTime,
    createdByAppId: found.createdByAppId ?? undefined,
    managed: made.filter((one) => one.mark === mark).map(({ mark: _, nonce: __, ...issued }) => issued),
    unsigned: made.filter((one) => one.mark === undefined),
    others: made.filter((one) => one.mark !== undefined && one.mark !== mark),
    foreign: passwordCredentials.length - made.length,
  };
}

function signedOf({ displayName, ...one }: Found["passwordCredentials"][number]): Signed | undefined {
  const name = readName(displayName);
  if (!name) return undefined;
  const { keyId, startDateTime, endDateTime: expiresOn, hint } = one;
  return { keyId, issuedOn: announcedOn(name.nonce) ?? startDateTime, expiresOn, hint: hint ?? undefined, ...name };
}

/** By the clock of the run that announced it; Entra's counts only where the nonce does not say. */
function announcedOn(nonce: string): Date | undefined {
  const [time = ""] = nonce.split(" ");
  const on = new Date(time);
  return /^\d{4}-/.test(time) && !Number.isNaN(on.getTime()) ? on : undefined;
}

/** Application management policies of the tenant answer 400; retrying does not help. */
function explainPolicy(action: string, error: unknown): never {
  const code = error instanceof UpstreamError ? (error.serviceCode ?? "") : "";
  if (code === "CredentialInvalidLifetimeAsPerAppPolicy") {
    const message = `Cannot ${action}: a tenant policy limits the lifetime of client secrets`;
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
