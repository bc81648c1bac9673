import * as z from "zod";
import { acceptedFindings } from "./accepted-findings.ts";
import type { AcceptedFindings } from "./finding-kinds.ts";
import { DEFAULT_PRINCIPAL_DOMAIN } from "./openmetadata-defaults.ts";
import { guid, redirectUri, server } from "./setting-forms.ts";

/** One OpenMetadata installation that this app serves. */
export interface Deployment {
  name: string;
  /** Where its users and ingestion reach it, without a trailing slash; may have a base path. */
  openMetadataUrl: string;
  signInFlow: "implicit" | "auth-code";
  extraRedirectUris: string[];
  principalDomain: string;
  initialAdmins: string[];
  botName: string;
  botCredential: "auto" | "sso" | "jwt";
  /** Client ids of registrations that were made by hand and are to be adopted. */
  serverClientId?: string | undefined;
  ingestionClientId?: string | undefined;
  /** The vault secret that holds a token for OpenMetadata, where the managed identity cannot be let in. */
  openMetadataTokenSecret?: string | undefined;
  /** Client id of the managed identity that signs in to this OpenMetadata, where it is not the app's own. */
  identityClientId?: string | undefined;
  /** Whether tokens may be sent there in clear, over http. */
  allowHttp: boolean;
  /** Resource id of the App Service that OpenMetadata runs on, whose settings refer to the vault. */
  appServiceId?: string | undefined;
  /** Whether that App Service may be restarted where it would otherwise go on with an old secret. */
  appServiceRestart: boolean;
  /** Findings of status that are left so, with the reason. */
  acceptedFindings: AcceptedFindings;
}

const deploymentName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: "must be 1 to 40 lower-case letters, digits or hyphens, starting with a letter or digit",
});
const secretName = z.string().regex(/^[0-9A-Za-z-]{1,127}$/, { error: "must be the name of a Key Vault secret" });
const resourceId = z
  .string()
  .regex(/^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.Web\/sites\/[0-9a-z-]+$/i, {
    error: "must be the resource id of an App Service (/subscriptions/.../providers/Microsoft.Web/sites/...)",
  });
/** Without what cannot be seen, and what a word processor makes of quotes: nobody signs in under such a name. */
const admin = z.string().regex(/^[^\s\p{C},;"“”„[\]<>@]+(?:@[^\s\p{C},;"“”„[\]<>@]+)?$/u, {
  error: "must be names or e-mail addresses, separated by commas",
});
const listOf = <T extends z.ZodType>(item: T) =>
  z.array(item, { error: 'must be a list, for example ["a", "b"]' }).default([]);

const yesOrNo = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
    error: 'must be "true" or "false"',
  })
  .default(false);

/** What an operator may say of one deployment, as an entry of `DEPLOYMENTS` does. */
export const deploymentSchema = z.strictObject({
  name: deploymentName.default("openmetadata"),
  openMetadataUrl: server,
  signInFlow: z.enum(["implicit", "auth-code"], { error: 'must be "implicit" or "auth-code"' }).default("implicit"),
  extraRedirectUris: listOf(redirectUri),
  principalDomain: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, { error: "must be a domain name" })
    .default(DEFAULT_PRINCIPAL_DOMAIN),
  initialAdmins: listOf(admin),
  botName: z.string().min(1).default("ingestion-bot"),
  botCredential: z.enum(["auto", "sso", "jwt"], { error: 'must be "auto", "sso" or "jwt"' }).default("auto"),
  serverClientId: guid.optional(),
  ingestionClientId: guid.optional(),
  openMetadataTokenSecret: secretName.optional(),
  identityClientId: guid.optional(),
  allowHttp: yesOrNo,
  appServiceId: resourceId.optional(),
  appServiceRestart: yesOrNo,
  acceptedFindings,
});

/** The environment variables that describe one deployment, and the field of a `DEPLOYMENTS` entry each stands for. */
export const PLAIN_DEPLOYMENT = {
  DEPLOYMENT_NAME: "name",
  OPENMETADATA_URL: "openMetadataUrl",
  SIGN_IN_FLOW: "signInFlow",
  EXTRA_REDIRECT_URIS: "extraRedirectUris",
  PRINCIPAL_DOMAIN: "principalDomain",
  INITIAL_ADMINS: "initialAdmins",
  BOT_NAME: "botName",
  BOT_CREDENTIAL: "botCredential",
  SERVER_CLIENT_ID: "serverClientId",
  INGESTION_CLIENT_ID: "ingestionClientId",
  OPENMETADATA_TOKEN_SECRET: "openMetadataTokenSecret",
  IDENTITY_CLIENT_ID: "identityClientId",
  OPENMETADATA_ALLOW_HTTP: "allowHttp",
  APP_SERVICE_ID: "appServiceId",
  APP_SERVICE_RESTART: "appServiceRestart",
  ACCEPTED_FINDINGS: "acceptedFindings",
} as const satisfies Record<string, keyof z.input<typeof deploymentSchema>>;
