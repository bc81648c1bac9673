import { ask, type Question } from "../ask.ts";
import { type Call, seenIn } from "./case.ts";

/** A call of the service at `origin`. */
export function caller(origin: string, token: () => Promise<string>): Call {
  return async (method, path, more: Pick<Question, "body" | "headers"> = {}) =>
    seenIn(
      await ask(`${origin}${path}`, { ...more, ...(method === undefined ? {} : { method }), token: await token() }),
      new URL(origin).hostname,
    );
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
