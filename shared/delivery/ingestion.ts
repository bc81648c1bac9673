import { chooseBotCredential } from "../deployment/bot-credential.ts";
import { StalledError } from "../errors.ts";
import type { Consumer } from "../rotation/client-secret/ports.ts";
import type { Ports } from "./ports.ts";
import { pushToBot } from "./push-to-bot.ts";
import { vaultReaders } from "./vault-readers.ts";

/**
 * The consumer of the ingestion client secret, by the server's release: the bot up to 1.2, afterwards ingestion that
 * runs outside of OpenMetadata and reads the secret in the vault. The bot is never sent what it would ignore.
 */
export function ingestion(ports: Ports): Consumer {
  return {
    async push(secret) {
      const { deployment, openMetadata } = ports;
      const version = await openMetadata.version();
      const chosen = chooseBotCredential(version, deployment.botCredential);
      const { because } = chosen;
      if (chosen.kind === "sso") {
        if (deployment.botCredential === "auto" && (await ports.hadToken())) throw wentBack(deployment, version);
        return pushToBot(ports, secret, version);
      }
      if (chosen.kind === "jwt") return vaultReaders(ports, `stored in the vault only (${because})`).push(secret);
      throw new StalledError(
        chosen.code,
        `Cannot push the client secret to bot "${deployment.botName}" of deployment "${deployment.name}": ${because}`,
        {
          hint: "Correct BOT_CREDENTIAL. Until then the bot keeps its current credential; workloads that read the vault get the new secret",
        },
      );
    },
  };
}

/** Anybody who answers for the server could otherwise have the client secret by saying that it is an old one. */
function wentBack({ name, botName }: Ports["deployment"], version: string): StalledError {
  return new StalledError(
    "openmetadata-release-lower",
    `Cannot push the client secret to bot "${botName}" of deployment "${name}": the server reports version ${version}, but the bot has had a token, which only 1.3 and later issue`,
    {},
  );
}
