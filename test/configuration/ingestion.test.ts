import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ingestionWorkflow } from "../../shared/configuration/ingestion.ts";
import { AUTHORITY, comments, described, INGESTION, SERVER, VAULT } from "./described.ts";

describe("ingestionWorkflow()", () => {
  it.each(["0.13.3", "1.0.0", "1.2.5"])("lets ingestion of %s sign in to Entra", (version) => {
    const text = ingestionWorkflow(described(version, "implicit"));
    expect(parse(text)).toEqual({
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: "https://om.example.com/api",
          authProvider: "azure",
          securityConfig: {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, resolved by the metadata command
            clientSecret: "${INGESTION_CLIENT_SECRET}",
            authority: AUTHORITY,
            clientId: INGESTION,
            scopes: [`api://${SERVER}/.default`],
          },
        },
      },
    });
    expect(comments(text)).toContain(
      `export INGESTION_CLIENT_SECRET="$(az keyvault secret show --id ${VAULT}/secrets/openmetadata-ingestion-client-secret `,
    );
  });

  it.each(["1.3.2", "1.12.3", "2.0.0"])("gives ingestion of %s the bot's token", (version) => {
    const text = ingestionWorkflow(described(version, "auth-code"));
    expect(parse(text)).toEqual({
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: "https://om.example.com/api",
          authProvider: "openmetadata",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, resolved by the metadata command
          securityConfig: { jwtToken: "${BOT_TOKEN}" },
        },
      },
    });
    expect(comments(text)).toContain(`--id ${VAULT}/secrets/openmetadata-bot-token `);
    expect(comments(text)).toContain('"azure" with a client secret fails here');
  });
});
