import { callerTokenCommand } from "../deployment/caller-token.ts";

/** Where this app is called, and for what it wants a token. */
export interface Api {
  origin: string;
  /** Client id of its registration; undefined where function keys guard. */
  audience: string | undefined;
}

/** How a line begins that calls this app from a shell: with what lets the caller in. A key is asked for. */
export function curl({ audience }: Api): string {
  if (audience === undefined) return `read -rs KEY && curl -H "x-functions-key: $KEY"`;
  return `curl -H "Authorization: Bearer $(${callerTokenCommand(audience)} --query accessToken --output tsv)"`;
}
