import { decodeJwt } from "jose";

const SPARE = 5 * 60;

/** Asks for a token again only when it is about to expire: each question starts the Azure CLI, which takes a second. */
export function remembering(
  tokenFor: (scope: string) => Promise<string>,
  now: () => Date,
): (scope: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (scope) => {
    const held = known.get(scope);
    if (held && (decodeJwt(held).exp ?? 0) > now().getTime() / 1000 + SPARE) return held;
    const token = await tokenFor(scope);
    known.set(scope, token);
    return token;
  };
}
