import type { BodyRules } from "../request-body.ts";
import {
  type ApplicationChange,
  type ApplicationCreation,
  applicationChange,
  applicationCreation,
} from "./application-schema.ts";

/** The unique name is set by the address of an upsert, never by a body (unverified). */
const READ_ONLY = [
  "id",
  "appId",
  "uniqueName",
  "createdDateTime",
  "createdByAppId",
  "deletedDateTime",
  "publisherDomain",
  "applicationTemplateId",
  "disabledByMicrosoftStatus",
  "certification",
];

export const APPLICATION_BODY: BodyRules<ApplicationChange> = {
  resource: "Application",
  schema: applicationChange,
  readOnly: READ_ONLY,
  notModelled: {
    addIns: [],
    authenticationBehaviors: null,
    defaultRedirectUri: null,
    isDeviceOnlyAuthSupported: null,
    isDisabled: null,
    keyCredentials: [],
    logo: null,
    managerApplications: [],
    nativeAuthenticationApisEnabled: null,
    oauth2RequirePostResponse: false,
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    requestSignatureVerification: null,
    samlMetadataUrl: null,
    servicePrincipalLockConfiguration: null,
    tokenEncryptionKeyId: null,
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    "info.logoUrl": null,
    "web.redirectUriSettings": [],
  },
};

/** `POST /applications` takes secrets as well, which Graph then makes up (Microsoft Learn: "Create application"). */
export const APPLICATION_CREATION: BodyRules<ApplicationCreation> = {
  ...APPLICATION_BODY,
  schema: applicationCreation,
};
