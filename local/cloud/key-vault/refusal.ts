import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Secret } from "./state.ts";

/** What an error body says; `inner` is the code that tells the reasons of one status apart. */
export interface Words {
  code: string;
  message: string;
  inner?: string;
}

/** An answer that refuses the request: throw it. Microsoft Learn: "Azure Key Vault REST API error codes". */
export function refusal(status: ContentfulStatusCode, words: Words, headers?: Record<string, string>): HTTPException {
  const { code, message, inner } = words;
  const error = { code, message, ...(inner ? { innererror: { code: inner } } : {}) };
  return new HTTPException(status, { message, res: Response.json({ error }, { status, headers: headers ?? {} }) });
}

/** 400 for a request that the API does not know in this form. */
export function badParameter(message: string): HTTPException {
  return refusal(400, { code: "BadParameter", message });
}

/** 404 for a secret, or for `name/version`. */
export function secretNotFound(id: string): HTTPException {
  const message = `A secret with (name/id) ${id} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`;
  return refusal(404, { code: "SecretNotFound", message });
}

/** 404 for a name under `/deletedsecrets`. */
export function deletedSecretNotFound(name: string): HTTPException {
  return refusal(404, { code: "SecretNotFound", message: `Deleted Secret not found: ${name}` });
}

/** 403 for reading a version that was disabled. */
export function secretDisabled(): HTTPException {
  const message = "Operation get is not allowed on a disabled secret.";
  return refusal(403, { code: "Forbidden", message, inner: "SecretDisabled" });
}

/** 409 for a write in a phase that does not allow it. */
export function conflict({ name }: Secret, phase: "deleting" | "deleted" | "recovering"): HTTPException {
  const words = {
    deleting: {
      message: `Secret ${name} is currently being deleted and cannot be re-created; retry later.`,
      inner: "ObjectIsBeingDeleted",
    },
    deleted: {
      message: `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
      inner: "ObjectIsDeletedButRecoverable",
    },
    recovering: {
      message: `Secret ${name} is currently being recovered and cannot be re-created; retry later.`,
      inner: "ObjectIsBeingRecovered",
    },
  }[phase];
  return refusal(409, { code: "Conflict", ...words });
}
