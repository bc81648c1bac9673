import { badProperties } from "./refusal.ts";
import type { SecurityConfiguration } from "./security-configuration.ts";

const LDAP = {
  ...{ maxPoolSize: 3, isFullDn: false, dnAdminPrincipal: "", dnAdminPassword: "", sslEnabled: false },
  ...{ userBaseDN: "", groupBaseDN: "", roleAdminName: "", allAttributeName: "", groupAttributeName: "" },
  ...{ groupAttributeValue: "", groupMemberAttributeName: "", authRolesMapping: "", authReassignRoles: [] },
  truststoreConfigType: "TrustAll",
  trustStoreConfig: {
    customTrustManagerConfig: { verifyHostname: false, examineValidityDates: false },
    hostNameConfig: { allowWildCards: false, acceptableHostNames: [] },
    jvmDefaultConfig: { verifyHostname: false },
    trustAllConfig: { examineValidityDates: true },
  },
};
const SAML = {
  idp: {
    ...{ entityId: "", ssoLoginUrl: "", idpX509Certificate: "" },
    nameId: "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress",
  },
  sp: {
    entityId: "http://localhost:8585/api/v1/saml/metadata",
    acs: "http://localhost:8585/api/v1/saml/acs",
    ...{ spX509Certificate: "", spPrivateKey: "", callback: "http://localhost:8585/saml/callback" },
  },
  security: {
    ...{ strictMode: false, validateXml: false, tokenValidity: 3600, sendEncryptedNameId: false },
    ...{ sendSignedAuthRequest: false, signSpMetadata: false, wantMessagesSigned: false },
    ...{ wantAssertionsSigned: false, wantAssertionEncrypted: false },
    ...{ keyStoreFilePath: "", keyStoreAlias: "", keyStorePassword: "" },
  },
  debugMode: false,
  samlDisplayNameAttributes: [],
};

/** The configuration with the sections of providers that are not in use, as the server fills them with defaults. */
export function withUnusedSections(configuration: SecurityConfiguration, password = ""): SecurityConfiguration {
  const { authenticationConfiguration: shown } = configuration;
  const sections = { ldapConfiguration: { ...LDAP, dnAdminPassword: password }, samlConfiguration: SAML };
  return { ...configuration, authenticationConfiguration: { ...shown, ...sections } };
}

/** The configuration without them, as it is kept. */
export function withoutUnusedSections(configuration: SecurityConfiguration): SecurityConfiguration {
  const { ldapConfiguration: _, samlConfiguration: __, ...rest } = configuration.authenticationConfiguration;
  return { ...configuration, authenticationConfiguration: rest };
}

/** Throws the 400 for a section of LDAP that lacks what is required in one: the defaults do. */
export function refuseIncomplete({ authenticationConfiguration }: SecurityConfiguration): void {
  const section = authenticationConfiguration.ldapConfiguration;
  if (!section) return;
  const missing = ["mailAttributeName", "port", "host"].filter((name) => !(name in section));
  if (missing.length > 0) throw badProperties(missing.map((name) => `${name} must not be null`));
}
