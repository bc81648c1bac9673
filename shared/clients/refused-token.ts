/** As much of the requests and answers of Microsoft's clients as this looks at. */
interface PipelineRequest {
  headers: { has(name: string): boolean };
}
interface PipelineResponse {
  status: number;
  headers: { get(name: string): string | undefined; set(name: string, value: string): void };
}

/** Demands nothing ("{}"), but any claims make a credential give another token. */
const CHALLENGE = 'Bearer error="insufficient_claims", claims="e30="';

/**
 * Microsoft's clients exchange a token only where a challenge with claims asks for it, and otherwise go on with the very
 * one that was refused, for as long as that lasts. Here each refusal of a token is taken for such a challenge.
 */
export const anotherTokenWhereRefused = {
  // Within the policy that signs the request and sees the answer.
  position: "perRetry" as const,
  policy: {
    name: "anotherTokenWhereRefused",
    async sendRequest<Request extends PipelineRequest, Response extends PipelineResponse>(
      request: Request,
      next: (request: Request) => Promise<Response>,
    ): Promise<Response> {
      const answer = await next(request);
      const challenge = answer.headers.get("www-authenticate") ?? "";
      if (answer.status === 401 && request.headers.has("authorization") && !/\bclaims="/.test(challenge)) {
        answer.headers.set("www-authenticate", CHALLENGE);
      }
      return answer;
    },
  },
};
