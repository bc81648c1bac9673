import { z } from "zod";
import { StalledError, UpstreamError } from "../../errors.ts";
import { type Graph, saysOneOf, shaped } from "./graph.ts";
import { asOwner } from "./ownership.ts";
import { type SecretLimits, secretLimits } from "./policies.ts";
import { applicationPath, type RegistrationName } from "./registrations.ts";

/** A client secret that this app issued, as Entra lists it; its value was shown once, when it was issued. */
export interface ManagedCredential {
  keyId: string;
  /** By the clock of the run that announced it, as its display name says; by Entra's where it does not. */
  issuedOn: Date;
  expiresOn: Date;
}

/** A registration with the credentials in it that carry our mark; those without it are only counted. */
export interface CredentialHolder {
  objectId: string;
  appId: string;
  createdOn: Date;
  managed: ManagedCredential[];
  foreign: number;
}

export interface Credentials {
  list(): Promise<CredentialHolder | undefined>;
  /** What the tenant's policies allow; undefined where they cannot be read. */
  limits(objectId: string, createdOn: Date): Promise<SecretLimits | undefined>;
  /** The value exists nowhere else: the caller stores it before anything else can fail. */
  issue(objectId: string, nonce: string, expiresOn: Date): Promise<{ keyId: string; value: string }>;
  /** Removing one that is already gone is success. */
  retire(objectId: string, keyId: string): Promise<void>;
}

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

/** The client secrets of one registration. */
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
      if (found === undefined) return undefined;
      const { id, appId, createdDateTime, passwordCredentials } = shaped(holderSchema, found, action);
      const managed = passwordCredentials.flatMap(({ keyId, displayName, startDateTime, endDateTime }) =>
        displayName?.startsWith(MARK)
          ? [{ keyId, issuedOn: announcedOn(displayName) ?? startDateTime, expiresOn: endDateTime }]
          : [],
      );
      return {
        objectId: id,
        appId,
        createdOn: createdDateTime,
        managed,
        foreign: passwordCredentials.length - managed.length,
      };
    },
    limits: secretLimits(graph),
    async issue(objectId, nonce, expiresOn) {
      const action = `issue a client secret for application ${objectId}`;
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
      const action = `retire client secret ${keyId}`;
      const path = `/applications/${objectId}/removePassword`;
      try {
        await own.post({ action, path, body: { keyId } });
      } catch (error) {
        if (!saysOneOf(error, ["no password credential found with keyid"])) throw error;
      }
    },
  };
}

function announcedOn(displayName: string): Date | undefined {
  const [time = ""] = displayName.slice(MARK.length).split(" ");
  const on = new Date(time);
  return Number.isNaN(on.getTime()) ? undefined : on;
}

/** Application management policies of the tenant answer 400; retrying does not help. */
function explainPolicy(action: string, error: unknown): never {
  const code = error instanceof UpstreamError ? (error.code ?? "") : "";
  if (code === "CredentialInvalidLifetimeAsPerAppPolicy") {
    throw new StalledError(
      `Cannot ${action}: a policy of the tenant caps the lifetime of client secrets`,
      "Set SECRET_LIFETIME_DAYS (and SECRET_RENEW_BEFORE_DAYS) below the cap, or exempt the application from the policy",
    );
  }
  if (code.startsWith("CredentialTypeNotAllowed")) {
    throw new StalledError(
      `Cannot ${action}: a policy of the tenant forbids client secrets`,
      "Exempt the application from the application management policy, or let OpenMetadata sign in another way",
    );
  }
  throw error;
}
