import type { Problem } from "./problem.ts";

/** What a person must change in OpenMetadata. */
export const OPEN_METADATA = {
  "address-redirects": {
    status: 409,
    title: "A service redirects to another address",
    means:
      "The address in the settings redirects: from http to https, to a server that has moved, or to the login page of a proxy. The app does not follow redirects, because its requests contain secrets",
    hint: "Set OPENMETADATA_URL to the address that the answer names; if a proxy asks for a login, exempt the app from it",
  },
  "openmetadata-forbidden": {
    status: 409,
    title: "OpenMetadata does not accept the app as an administrator",
    means:
      "The server rejects the app's token, has no user for the app, or that user is not an administrator; or the vault has no token for the app",
    hint: "Make the app's user an administrator; GET /api/status lists what keeps it out",
  },
  "openmetadata-version-unknown": {
    status: 409,
    title: "The OpenMetadata version is unknown",
    means:
      "The server does not state a version that the app can parse, and guessing could have no effect or lock people out",
    hint: "Set BOT_CREDENTIAL, or send the version with the call",
  },
  "openmetadata-release-lower": {
    status: 409,
    title: "OpenMetadata reports an older version than before",
    means:
      "The bot has had a token, which only OpenMetadata 1.3 and later issue. Now the server reports an older version, whose bots sign in with the client secret. A different server may be answering, so the secret is not sent",
    hint: 'Find out which server answers at OPENMETADATA_URL. If it was downgraded on purpose, set BOT_CREDENTIAL to "sso"',
  },
  "openmetadata-release-unsupported": {
    status: 409,
    title: "This OpenMetadata release does not support it",
    means: "The server's release cannot do what the settings ask for",
    hint: "Change the setting that the answer names, or upgrade OpenMetadata",
  },
  "openmetadata-not-updated": {
    status: 409,
    title: "OpenMetadata reported success but changed nothing",
    means: "The app read back what it had written, and the server holds something else",
    hint: "Check the bot or user in OpenMetadata, then call again",
  },
  "sign-in-configuration-wrong": {
    status: 409,
    title: "The server's sign-in configuration is wrong",
    means:
      "OpenMetadata checks all of its Azure settings with every change, so an older mistake in them blocks the new secret",
    hint: "Correct the settings that the answer names; GET /api/configuration renders them",
  },
  "bot-missing": {
    status: 409,
    title: "The bot does not exist",
    means: "OpenMetadata has no bot of the name in BOT_NAME, or the bot has no user",
    hint: "Set BOT_NAME to the name of an existing bot",
  },
  "bot-user-conflict": {
    status: 409,
    title: "Another user is in the way of the bot's user",
    means:
      "The user that the bot must act as is not a bot, belongs to another bot, or needs an email address that another user has",
    hint: "Change or delete the user that the answer names",
  },
  "bot-roles-lost": {
    status: 409,
    title: "The bot's user lost roles",
    means:
      "Two changes of the user at the same time cost it roles (seen in OpenMetadata 1.2.0), and no later change restores them",
    hint: "Give the user the roles again in Settings > Users; without them ingestion cannot write",
  },
  "app-signs-in-as-bot": {
    status: 409,
    title: "The app signs in as the bot whose token it would replace",
    means: "Issuing a new token would invalidate the token that the app itself uses",
    hint: "Store the token of another administrator's bot in the secret that OPENMETADATA_TOKEN_SECRET names",
  },
  "default-admin-configured": {
    status: 409,
    title: "The default admin would come back",
    means:
      "The server's configuration lists the default admin, or does not say whether it does, so a restart may recreate it",
    hint: "Remove the default admin from AUTHORIZER_ADMIN_PRINCIPALS, restart the server, then call again",
  },
  "default-admin-in-use": {
    status: 409,
    title: "The app signs in as the default admin",
    means: "Deleting the default admin would lock the app out",
    hint: "Let the app's managed identity in, or store the token of another administrator's bot",
  },
  "administrators-missing": {
    status: 409,
    title: "No other administrator is ready",
    means: "INITIAL_ADMINS names nobody else, or somebody who is not an OpenMetadata administrator yet",
    hint: "Name other people in INITIAL_ADMINS, and make them administrators in OpenMetadata",
  },
} as const satisfies Record<string, Problem>;
