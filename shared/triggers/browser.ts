import type { HttpRequest } from "@azure/functions";

/** Where Easy Auth passes on the id token of who is signed in (Microsoft Learn: "Work with OAuth tokens in App Service"). */
const ID_TOKEN = "x-ms-token-aad-id-token";

/**
 * What a person's browser comes with: a bearer token, or the id token of a session of Easy Auth, which is verified like
 * every other token, since without Easy Auth anybody could send the header. Its other headers say who somebody is in
 * plain text, and are never read.
 */
export function authorizationOfPerson({ headers }: Pick<HttpRequest, "headers">): string | null {
  const idToken = headers.get(ID_TOKEN);
  return headers.get("authorization") ?? (idToken === null ? null : `Bearer ${idToken}`);
}

/** Does whoever asks want to read the answer, rather than to parse it? */
export function wantsPage({ headers }: Pick<HttpRequest, "headers">): boolean {
  return /\btext\/html\b/i.test(headers.get("accept") ?? "");
}
