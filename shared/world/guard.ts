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
  audience: () => callerSettings().apiAudience,
  verifyToken: memoized(() => {
    if (authLevel === "function") return undefined;
    const { apiAudience, ...rest } = callerSettings();
    return apiAudience === undefined ? undefined : callerTokens(authorityOf(rest), apiAudience);
  }),
};
