import type { SecretClientOptions } from "@azure/keyvault-secrets";

/** The stable version that the proof was made with; the client's own default moves with its releases. */
export const API_VERSION = "2025-07-01";
/** Has all that this app uses, and is known in every cloud: sovereign ones get new versions late. */
const OLDEST = "7.4";

type Added = NonNullable<SecretClientOptions["additionalPolicies"]>[number];

/**
 * Repeats what a vault refuses only because it does not know the version of its API, with an older one, and stays with
 * that. Nothing was done by a request that was refused so.
 */
export function olderVersionWhereNeeded(): Added {
  let fallenBack = false;
  return {
    position: "perCall",
    policy: {
      name: "olderVersionWhereNeeded",
      async sendRequest(request, next) {
        if (fallenBack) request.url = older(request.url);
        const answer = await next(request);
        if (fallenBack || !refusesVersion(answer.status, answer.bodyAsText)) return answer;
        fallenBack = true;
        request.url = older(request.url);
        return next(request);
      },
    },
  };
}

/** The client writes the hyphen of `api-version` as `%2D`; a link to a next page may have it plain. */
function older(url: string): string {
  return url.replace(/(api(?:-|%2D)version=)[^&]*/i, `$1${OLDEST}`);
}

/** In Key Vault's words; the code alone, BadParameter, is that of many mistakes. */
function refusesVersion(status: number, body: string | null | undefined): boolean {
  return (
    status === 400 &&
    /BadParameter/.test(body ?? "") &&
    /specified version \([^)]*\) is not recognized/i.test(body ?? "")
  );
}
