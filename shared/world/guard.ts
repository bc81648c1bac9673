import { callerTokens } from "../clients/entra/caller-tokens.ts";
import { authorityOf } from "../deployment/addresses.ts";
import { authLevel } from "./bindings.ts";
import { clock } from "./clock.ts";
import { fleet } from "./fleet.ts";
import { memoized } from "./memoize.ts";
import { callerSettings, settings } from "./settings.ts";

/** Lets in who holds a token of the tenant for this API. */
export const guard = {
  settings,
  fleet,
  now: clock.now,
  callers: memoized(() => {
    if (authLevel === "function") return undefined;
    const { apiAudience: audience, ...rest } = callerSettings();
    return audience === undefined ? undefined : { verify: callerTokens(authorityOf(rest), audience), audience };
  }),
};
