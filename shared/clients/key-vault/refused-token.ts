import type { SecretClientOptions } from "@azure/keyvault-secrets";

type Added = NonNullable<SecretClientOptions["additionalPolicies"]>[number];

/** Demands nothing ("{}"), but any claims make a credential give another token. */
const CHALLENGE = 'Bearer error="insufficient_claims", claims="e30="';

/**
 * Microsoft's client exchanges a token only where a challenge with claims asks for it, and otherwise tries again with the
 * very one that was refused, for as long as that lasts. Here each refusal of a token is taken for such a challenge.
 */
export function anotherTokenWhereRefused(): Added {
  return {
    // Within the policy that signs the request and sees the answer.
    position: "perRetry",
    policy: {
      name: "anotherTokenWhereRefused",
      async sendRequest(request, next) {
        const answer = await next(request);
        const challenge = answer.headers.get("www-authenticate") ?? "";
        if (answer.status === 401 && request.headers.has("authorization") && !/\bclaims="/.test(challenge)) {
          answer.headers.set("www-authenticate", CHALLENGE);
        }
        return answer;
      },
    },
  };
}
