import { comment } from "./comment.ts";
import type { Configuration } from "./desired.ts";
import { fileHeader } from "./file-header.ts";
import { exportAs } from "./vault-commands.ts";
import { type Entry, yamlText } from "./yaml-text.ts";

const CONFIG = "workflowConfig.openMetadataServerConfig";

/** How a workflow that runs outside OpenMetadata (`metadata ingest -c`) signs in. Pure. */
export function ingestionWorkflow(configuration: Configuration): string {
  const { serverUrl, bot, secrets } = configuration;
  const reference = bot.holds === "token" ? secrets.botToken : secrets.ingestion;
  const introduction = comment([
    ...fileHeader(configuration),
    "Add this after source and sink of your workflow. Workflows that OpenMetadata deploys do not need it.",
    `The ${bot.holds} stays in the vault. The metadata command expands variables; set this one before you run it:`,
    exportAs(reference.variable, reference),
  ]);
  const signIn = bot.holds === "token" ? withToken(configuration) : withSecret(configuration);
  const entries: Entry[] = [{ path: `${CONFIG}.hostPort`, value: `${serverUrl}/api` }, ...signIn];
  return `${introduction.join("\n")}\n\n${yamlText(entries)}`;
}

/** Up to 1.2 ingestion signs in to Entra itself. */
function withSecret({ authority, ingestionClientId, scope, secrets }: Configuration): Entry[] {
  return [
    { path: `${CONFIG}.authProvider`, value: "azure" },
    { path: `${CONFIG}.securityConfig.clientSecret`, value: `\${${secrets.ingestion.variable}}` },
    {
      path: `${CONFIG}.securityConfig.authority`,
      value: authority,
      why: ["Must end with the tenant, like the server's."],
    },
    { path: `${CONFIG}.securityConfig.clientId`, value: ingestionClientId },
    { path: `${CONFIG}.securityConfig.scopes`, value: [scope], why: ["The App ID URI of the server registration."] },
  ];
}

function withToken({ bot, secrets }: Configuration): Entry[] {
  return [
    {
      path: `${CONFIG}.authProvider`,
      value: "openmetadata",
      why: ['From 1.3 on ingestion does not sign in with Entra: "azure" with a client secret fails here.'],
    },
    {
      path: `${CONFIG}.securityConfig.jwtToken`,
      value: `\${${secrets.botToken.variable}}`,
      why: [`The token of ${bot.name}; the path of a file that contains it works too.`],
    },
  ];
}
