/** What a tenant demands, how much it allows, and what it knows beyond itself; to be changed at any time. */
export interface Rules {
  /**
   * Applications must name the service that they belong to in `serviceManagementReference`, when they are created and
   * whenever they are changed without having one (microsoft-foundry/foundry-agent-webapp #3).
   */
  demandsServiceManagementReference: boolean;
  /** So many objects may one principal own; an application and a service principal count one each. */
  objectsPerPrincipal: number;
  /** So many secrets go into one object; nobody documents the number, for it depends on their size. */
  secretsPerObject: number;
  /**
   * The host, for example `login.partner.localhost`, by which the sign-in service names itself in issuers and addresses of
   * keys although its clients know it by another, as in China (`login.partner.microsoftonline.cn`).
   */
  sisterHost: string | undefined;
  /** Ids of tenants that Entra knows beside this one, in which nobody of this one is at home. */
  otherTenants: string[];
}

/** Demands nothing; the limits are those of Microsoft Learn, "Microsoft Entra service limits", for identities without a role. */
export function defaultRules(): Rules {
  return {
    demandsServiceManagementReference: false,
    objectsPerPrincipal: 250,
    secretsPerObject: Number.POSITIVE_INFINITY,
    sisterHost: undefined,
    otherTenants: [],
  };
}
