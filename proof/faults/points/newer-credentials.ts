import type { Setting } from "../../../journey/setting.ts";
import type { Secret } from "../../../local/cloud/directory/secret.ts";
import type { VersionView } from "../../../local/cloud/key-vault/control.ts";
import type { Mechanism } from "../../../local/cloud/openmetadata/mechanism.ts";

const TOKEN = "openmetadata-bot-token";
const SECRET = "openmetadata-server-client-secret";
const BOT = "ingestion-bot";

export function latest({ cloud }: Setting, name: string): VersionView | undefined {
  return cloud.vault
    .secrets()
    .find((secret) => secret.name === name)
    ?.versions.at(-1);
}

/** The token that the bot holds. */
export function heldToken({ cloud }: Setting): string | undefined {
  return tokenOf(cloud.openMetadata.botMechanism(BOT));
}

/** Client secrets of the registration that people sign in to. */
export function serverSecrets({ cloud }: Setting): Secret[] {
  return cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-server")?.secrets ?? [];
}

/** What is wrong with the bot's token, one phrase each: server, vault and pipelines are to hold the same. */
export function tokenFaults(setting: Setting): string[] {
  const held = heldToken(setting);
  const current = latest(setting, TOKEN);
  const pipelines = setting.cloud.openMetadata.pipelines().filter(({ deployed }) => deployed);
  return [
    ...(held ? [] : ["the bot holds no token"]),
    ...(current?.value === held ? [] : ["the vault holds another token than the bot"]),
    ...(current?.tags.deliveredOn ? [] : ["the token is not marked delivered"]),
    ...pipelines
      .filter(({ pinned }) => tokenOf(pinned) !== held)
      .map(({ name }) => `pipeline ${name} holds another token than the bot`),
  ];
}

/** What is wrong with the server's client secret, one phrase each: Entra, vault and server are to hold the same. */
export function secretFaults(setting: Setting): string[] {
  const current = latest(setting, SECRET);
  const inEntra = serverSecrets(setting).find(({ keyId }) => keyId === current?.tags.keyId);
  const isHeld = setting.cloud.openMetadata.clientSecret() === current?.value;
  return [
    ...(current && inEntra?.value === current.value ? [] : ["the vault's client secret is not one of Entra's"]),
    ...(current && isHeld ? [] : ["the server holds another client secret than the vault"]),
    ...(current?.tags.deliveredOn ? [] : ["the client secret is not marked delivered"]),
  ];
}

/** What is left over when all is calm, one phrase each. */
export function leftOver(setting: Setting): string[] {
  const kept = [SECRET, `${SECRET}-next`].map((name) => latest(setting, name)?.tags.keyId);
  const others = serverSecrets(setting).filter(({ keyId }) => !kept.includes(keyId));
  return [
    ...others.map(() => "a client secret of the server is left over in Entra"),
    ...[TOKEN, SECRET]
      .filter((name) => !latest(setting, name)?.tags.confirmedOn)
      .map((name) => `${name} is not confirmed`),
  ];
}

function tokenOf(mechanism: Mechanism | undefined): string | undefined {
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken || undefined : undefined;
}
