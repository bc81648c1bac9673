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

/** 501 for what Key Vault could do and this stand-in cannot: no answer of the real service. */
export function notModelled(what: string): HTTPException {
  return refusal(501, { code: "NotModelled", message: `The local stand-in does not model ${what}.` });
}

/**
 * 403 of the built-in Azure Policy that demands an expiry, in the words in which Azure Policy tells its denials; the
 * data plane's own text, and whether this is its inner code, are unverified.
 */
export function deniedByPolicy(name: string, { name: vault }: { name: string }): HTTPException {
  const message = `Secret '${name}' was disallowed by policy. Reasons: 'Key Vault secrets should have an expiration date'.\r\nPolicy definition: 98728c90-32c7-4049-8429-847dc0f4fe37\r\nVault: ${vault}`;
  return refusal(403, { code: "Forbidden", message, inner: "ForbiddenByPolicy" });
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
