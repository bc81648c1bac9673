import { ask, type Question } from "../ask.ts";
import { type Call, seenIn } from "./case.ts";

/** Nothing can have come of a request: it was not sent. */
export class NeverSent extends Error {
  override name = "NeverSent" as const;
}

const UNREACHED = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ERR_TLS_\w+|\w*CERT\w*)$/;

/** A call of the service at `origin`. @throws {NeverSent} where there was no token, or nobody to send it to. */
export function caller(origin: string, token: () => Promise<string>): Call {
  return async (method, path, more: Pick<Question, "body" | "headers"> = {}) => {
    const bearer = await token().catch((error: unknown) => {
      throw new NeverSent(error instanceof Error ? error.message : String(error));
    });
    const how = { ...more, ...(method === undefined ? {} : { method }), token: bearer };
    const asked = await ask(`${origin}${path}`, how);
    const { hostname } = new URL(origin);
    if (asked.kind === "silent" && UNREACHED.test(asked.because))
      throw new NeverSent(`${hostname} does not answer (${asked.because})`);
    return seenIn(asked, hostname);
  };
}

/** The vault itself says whom tokens for it are for; they are sent to nobody outside of that domain. */
export function vaultScope(vaultUrl: string): () => Promise<string> {
  return onceMade(async () => {
    const { headers } = seenIn(await ask(`${vaultUrl}/secrets?api-version=7.4`), "the vault");
    const resource = /resource="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1] ?? "";
    if (!new URL(vaultUrl).hostname.endsWith(`.${new URL(resource).hostname}`))
      throw new Error("the vault names a foreign resource");
    return `${resource}/.default`;
  });
}

/** Ends before the next request once somebody has asked for the end. */
export function guarded(call: Call, signal: AbortSignal | undefined): Call {
  return async (method, path, more) => {
    signal?.throwIfAborted();
    return call(method, path, more);
  };
}

/** Made for whoever asks first; a failure is kept too. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The same, but what has failed is made anew for whoever asks next. */
export function onceMade<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
