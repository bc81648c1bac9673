import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { Secret } from "../../directory/secret.ts";

/** An application as Graph shows it: every property of the type, those not modelled with their defaults. */
export function applicationAnswer(
  application: Application,
  directory: Directory,
  deletedDateTime: string | null = null,
): object {
  const {
    owners: _owners,
    federatedIdentityCredentials: _federated,
    secrets,
    web,
    info,
    appRoles,
    ...shown
  } = application;
  return {
    deletedDateTime,
    addIns: [],
    applicationTemplateId: null,
    authenticationBehaviors: null,
    certification: null,
    defaultRedirectUri: null,
    disabledByMicrosoftStatus: null,
    isDeviceOnlyAuthSupported: null,
    isDisabled: null,
    keyCredentials: [],
    managerApplications: [],
    nativeAuthenticationApisEnabled: null,
    oauth2RequirePostResponse: false,
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    publisherDomain: directory.verifiedDomain,
    requestSignatureVerification: null,
    samlMetadataUrl: null,
    servicePrincipalLockConfiguration: null,
    tokenEncryptionKeyId: null,
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    ...shown,
    appRoles: appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: { ...info, logoUrl: null },
    web: { ...web, redirectUriSettings: web.redirectUris.map((uri) => ({ uri, index: null })) },
    passwordCredentials: secrets.map(passwordAnswer),
  };
}

/** A secret as Graph lists it: never with its value. */
export function passwordAnswer({ keyId, displayName, startDateTime, endDateTime, hint }: Secret) {
  return { customKeyIdentifier: null, displayName, endDateTime, hint, keyId, secretText: null, startDateTime };
}
