import type { Problem } from "./problem.ts";

/** What is wrong with a request, with whoever sent it, or with the app itself. */
export const REQUESTS = {
  "body-invalid": {
    status: 400,
    title: "The request body is invalid",
    means:
      "The body is not JSON, or one of its fields is unknown, of the wrong type, or makes no sense without another one. Nothing was changed",
    hint: "Correct the fields that the answer names; the README lists the fields of each call",
  },
  "body-missing": {
    status: 400,
    title: "The request has no body",
    means:
      "The body is empty, or was sent without a Content-Length: Azure Functions drops a body that is sent in chunks. Nothing was changed",
    hint: "Send a JSON object with a Content-Length; to use the defaults, send {}",
  },
  "body-too-large": {
    status: 413,
    title: "The request body is too large",
    means: "The body is larger than any call needs. Nothing was changed",
    hint: "Send the fields of the call and nothing else",
  },
  "query-invalid": {
    status: 400,
    title: "The query is invalid",
    means:
      "A query parameter is missing, unknown, has a value that the app does not know, or belongs in the body. Nothing was changed",
    hint: "Correct the parameter that the answer names",
  },
  "header-misplaced": {
    status: 400,
    title: "A header is meant for the body or the query",
    means:
      "A header has the name of a field or parameter of the call, where it would have no effect. Nothing was changed",
    hint: "Send it in the body or the query, as the answer says",
  },
  "deployment-unknown": {
    status: 400,
    title: "The deployment is unknown",
    means: "The call names a deployment that the settings do not have, or names none although there are several",
    hint: 'Send "deployment" with one of the names in the answer',
  },
  "credential-unknown": {
    status: 400,
    title: "The deployment has no such credential",
    means:
      "The deployment's settings exclude the credential: only the authorization code flow has a server client secret, and a bot that signs in with Azure SSO has no token",
    hint: 'Send "credential" with one of the names in the answer, or leave it out to rotate all of them',
  },
  "caller-unknown": {
    status: 401,
    title: "The caller is unknown",
    means: "The request has no bearer token, or one that has expired, or that was issued for another API or tenant",
    hint: "Get a token for this API and send it as a bearer token",
  },
  "caller-role-missing": {
    status: 403,
    title: "The caller lacks an app role",
    means: "The token is valid, but the caller has not been assigned the app role that this call needs",
    hint: "Assign the app role to the caller in Entra (Enterprise applications, this API, Users and groups)",
  },
  "settings-invalid": {
    status: 503,
    title: "The app's settings are invalid",
    means: "At least one app setting is missing or wrong, so nothing works; the answer names every one",
    hint: "Correct the app settings and restart the app",
  },
  "internal-error": {
    status: 500,
    title: "Internal error",
    means: "The app failed unexpectedly. The log has the details",
    hint: "Look at the app's log for the same time, and report what it says",
  },
} as const satisfies Record<string, Problem>;
