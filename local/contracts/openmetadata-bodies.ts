import { isRecord } from "./body.ts";
import { lacks } from "./explain.ts";
import type { Fault } from "./finding.ts";
import { mechanismFaults } from "./openmetadata-mechanism.ts";
import type { Schemas } from "./schemas.ts";

/** A body by its name in findings: how to judge it with the schemas of a release. */
export interface BodyKind {
  name: string;
  faults(value: unknown, schemas: Schemas): Fault[];
}

/** A body that one schema describes. A folder may lack the schema: then `otherwise` judges, or nobody. */
export function fits(reference: string, otherwise?: string): BodyKind {
  return {
    name: reference.replace("shapes#/$defs/", ""),
    faults(value, schemas) {
      const [file = ""] = reference.split("#");
      const known = file === "shapes" || schemas.has(file) ? reference : otherwise;
      return known === undefined ? [] : schemas.faults(known, value);
    },
  };
}

/** A page of a list: `data` of the given kind, and `paging`. */
export function listOf(kind: BodyKind): BodyKind {
  return {
    name: `list of ${kind.name}`,
    faults(value, schemas) {
      if (!isRecord(value)) return schemas.faults("shapes#/$defs/list", value);
      const paging = schemas.faults("type/paging.json", value.paging).map((fault) => below("/paging", fault));
      return [...schemas.faults("shapes#/$defs/list", value), ...paging, ...each(kind, value.data, schemas, "/data")];
    },
  };
}

/** A bare array of the given kind. */
export function arrayOf(kind: BodyKind): BodyKind {
  return {
    name: `array of ${kind.name}`,
    faults: (value, schemas) =>
      Array.isArray(value) ? each(kind, value, schemas, "") : [{ at: "", text: "must be array" }],
  };
}

/** Body that creates or replaces a user, with the authentication mechanism of a bot. */
export const CREATE_USER: BodyKind = {
  name: "api/teams/createUser.json",
  faults(value, schemas) {
    const found = schemas.faults("api/teams/createUser.json", value);
    const mechanism = isRecord(value) ? value.authenticationMechanism : undefined;
    return mechanismFaults(found, mechanism, { at: "/authenticationMechanism", sent: true, schemas });
  },
};

/** Answer that shows the mechanism of a bot. */
export const MECHANISM: BodyKind = {
  name: "entity/teams/user.json#/definitions/authenticationMechanism",
  faults(value, schemas) {
    const found = schemas.faults("entity/teams/user.json#/definitions/authenticationMechanism", value);
    const faults = mechanismFaults(found, value, { at: "", sent: false, schemas });
    return isRecord(value) && isRevoked(value.config) ? faults.filter((fault) => fault.text !== NO_EXPIRY) : faults;
  },
};

/** Answer that shows the token of a bot: an empty object when the bot has none. */
export const TOKEN: BodyKind = {
  name: "auth/jwtAuth.json",
  faults: (value, schemas) =>
    (isRecord(value) && Object.keys(value).length === 0) || isRevoked(value)
      ? []
      : schemas.faults("auth/jwtAuth.json", value),
};

const NO_EXPIRY = lacks("JWTTokenExpiry");

/** A token that was revoked is shown without its expiry, required or not; some managers of secrets say `null`. */
function isRevoked(config: unknown): boolean {
  return isRecord(config) && (config.JWTToken === "" || config.JWTToken === "null");
}

/**
 * Answer to the deployment of one pipeline: up to 1.0 the pipeline itself (unverified for the releases up to 1.4, whose
 * schemas are not published apart), later what the pipeline service said.
 */
export const DEPLOYED: BodyKind = {
  name: "answer of a deployment",
  faults(value, schemas) {
    const said = "entity/services/ingestionPipelines/pipelineServiceClientResponse.json";
    if (schemas.has(said)) return schemas.faults(said, value);
    const pipeline = "entity/services/ingestionPipelines/ingestionPipeline.json";
    return schemas.faults(isRecord(value) && "pipelineType" in value ? pipeline : "shapes#/$defs/deployment", value);
  },
};

/**
 * The public sign-in configuration: everybody may read it, so the server leaves these out, required or not, and most of
 * the section of SAML.
 */
export const PUBLIC_SIGN_IN: BodyKind = {
  name: "configuration/authenticationConfiguration.json",
  faults(value, schemas) {
    const withheld = ["ldapConfiguration", "oidcConfiguration"];
    const excused = new Set(withheld.map(lacks));
    const found = schemas.faults("configuration/authenticationConfiguration.json", value);
    const shown = withheld.filter((name) => isRecord(value) && name in value);
    return [
      ...found.filter(({ at, text }) => !(at === "" && excused.has(text)) && !at.startsWith("/samlConfiguration")),
      ...shown.map((name) => ({ at: `/${name}`, text: "must not be public" })),
    ];
  },
};

/**
 * Who is let in, as anybody is told: later releases leave out all but the principal domain, required or not, and show
 * empty lists.
 */
export const PUBLIC_AUTHORIZER: BodyKind = {
  name: "configuration/authorizerConfiguration.json",
  faults(value, schemas) {
    const withheld = ["className", "containerRequestFilter", "enforcePrincipalDomain", "enableSecureSocketConnection"];
    const excused = new Set(isRecord(value) && withheld.every((name) => !(name in value)) ? withheld.map(lacks) : []);
    const found = schemas.faults("configuration/authorizerConfiguration.json", value);
    return found.filter((fault) => !(fault.at === "" && excused.has(fault.text)));
  },
};

/** The security configuration as the server shows it: the sections of providers not in use lack what is required. */
export const SHOWN_SECURITY: BodyKind = {
  name: "configuration/securityConfiguration.json",
  faults(value, schemas) {
    const unused = ["ldapConfiguration", "samlConfiguration"].map((name) => `/authenticationConfiguration/${name}`);
    const isUnused = ({ at }: Fault): boolean =>
      unused.some((section) => at === section || at.startsWith(`${section}/`));
    return schemas.faults("configuration/securityConfiguration.json", value).filter((fault) => !isUnused(fault));
  },
};

/** The error envelope; its code repeats the status. Older releases tell what went wrong inside otherwise. */
export function errorBody(status: number): BodyKind {
  return {
    name: "error envelope",
    faults(value, schemas) {
      if (status === 500 && isRecord(value) && typeof value.responseMessage === "string") return [];
      const found = schemas.faults("shapes#/$defs/error", value);
      const differs = isRecord(value) && typeof value.code === "number" && value.code !== status;
      return differs ? [...found, { at: "/code", text: "must be the status" }] : found;
    },
  };
}

function each(kind: BodyKind, items: unknown, schemas: Schemas, at: string): Fault[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item, index) => kind.faults(item, schemas).map((fault) => below(`${at}/${index}`, fault)));
}

function below(at: string, fault: Fault): Fault {
  return { ...fault, at: at + fault.at };
}
