import { isRecord } from "./body.ts";
import { lacks } from "./explain.ts";
import type { Fault } from "./finding.ts";
import type { Schemas } from "./schemas.ts";

const CONFIGS: Record<string, string> = {
  SSO: "auth/ssoAuth.json",
  JWT: "auth/jwtAuth.json",
  BASIC: "auth/basicAuth.json",
};
const SSO_CLIENTS: Record<string, string> = {
  google: "google",
  okta: "okta",
  auth0: "auth0",
  azure: "azure",
  "custom-oidc": "customOidc",
  saml: "saml",
};

/**
 * Narrows the faults found in a body that holds an authentication mechanism at `at`. The schemas take any config with
 * any authType, and any authConfig with any ssoServiceType; here each has to be of its own kind. A request may leave
 * out the JWT, which the server makes, though old schemas require it; the answer to a caller who may not see it is null.
 */
export function mechanismFaults(
  found: Fault[],
  mechanism: unknown,
  context: { at: string; sent: boolean; schemas: Schemas },
): Fault[] {
  if (!isRecord(mechanism)) return found;
  const { sent, schemas } = context;
  const at = `${context.at}/config`;
  const outside = found.filter((fault) => fault.at !== at && !fault.at.startsWith(`${at}/`));
  const { authType, config } = mechanism;
  const reference = typeof authType === "string" ? CONFIGS[authType] : undefined;
  if (reference === undefined) return [...outside, { at: context.at, text: lacks("authType") }];
  if (config === null && !sent) return outside;
  const missing = (fault: Fault): boolean => sent && fault.at === at && fault.text === lacks("JWTToken");
  const inside = below(at, schemas.faults(reference, config)).filter((fault) => !missing(fault));
  return [...outside, ...(authType === "SSO" ? withClient(inside, config, { at, schemas }) : inside)];
}

/** The faults of the one client that ssoServiceType names, in place of those of the choice between all. */
function withClient(found: Fault[], config: unknown, { at, schemas }: { at: string; schemas: Schemas }): Fault[] {
  if (!isRecord(config)) return found;
  const client = typeof config.ssoServiceType === "string" ? SSO_CLIENTS[config.ssoServiceType] : undefined;
  if (client === undefined) return [...found, { at, text: "has no ssoServiceType with a client" }];
  const reference = `security/client/${client}SSOClientConfig.json`;
  if (!schemas.has(reference)) return found;
  const chosen = `${at}/authConfig`;
  const outside = found.filter((fault) => fault.at !== chosen);
  return [...outside, ...below(chosen, schemas.faults(reference, config.authConfig))];
}

function below(at: string, faults: Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, at: at + fault.at }));
}
