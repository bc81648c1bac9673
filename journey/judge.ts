import type { Mechanism } from "../local/cloud/openmetadata/mechanism.ts";
import { eventIn } from "./event-in.ts";
import type { Setting } from "./setting.ts";

/** What is in use at one moment, by ids; the token of the bot itself, which goes no further than this module. */
interface InUse {
  secrets: Record<string, string | undefined>;
  token: string | undefined;
}

/** Whoever judges a journey: looks once when the first credentials are in use, and once at the end. */
export interface Judge {
  first(): void;
  /** What is wrong at the end, one sentence each; empty when the whole job was done. */
  faults(): string[];
}

export function judge(setting: Setting): Judge {
  let before: InUse | undefined;
  return {
    first() {
      before = inUse(setting);
    },
    faults() {
      const now = inUse(setting);
      const { cloud, log } = setting;
      return [
        ...cloud.ingestion
          .refusals()
          .map(({ on, pipeline, reason }) => `ingestion was refused: ${on.toISOString()} ${pipeline}: ${reason}`),
        ...cloud.people.refusals().map(({ on, reason }) => `a person was refused: ${on.toISOString()}: ${reason}`),
        ...cloud.violations().map((violation) => `contract violated: ${violation}`),
        ...log
          .filter(({ level }) => level === "error")
          .map((line) => `the app logged an error: ${eventIn(line)?.message ?? line.message}`),
        ...Object.keys(now.secrets).flatMap((name) => faultsOfSecret(setting, name, { before, now })),
        ...faultsOfToken(setting, { before, now }),
      ];
    },
  };
}

/** The registration that each client secret belongs to. */
const HOLDERS: Record<string, string> = {
  "openmetadata-ingestion-client-secret": "openmetadata-ingestion",
  "openmetadata-server-client-secret": "openmetadata-server",
};

function inUse(setting: Setting): InUse {
  const { cloud } = setting;
  const names = Object.keys(HOLDERS).filter((name) => cloud.vault.secrets().some((one) => one.name === name));
  return {
    secrets: Object.fromEntries(names.map((name) => [name, latest(setting, name)?.tags.keyId])),
    token: tokenOf(cloud.openMetadata.botMechanism("ingestion-bot")),
  };
}

function faultsOfSecret(setting: Setting, name: string, { before, now }: { before: InUse | undefined; now: InUse }) {
  const { directory, openMetadata } = setting.cloud;
  const holder = directory.applications().find(({ uniqueName }) => uniqueName === HOLDERS[name]);
  const managed = (holder?.secrets ?? []).map(({ keyId }) => keyId);
  const isServers = name.includes("server");
  const held = openMetadata.clientSecret();
  return [
    ...(managed.length === 1 ? [] : [`Entra holds ${managed.length} secrets of ${HOLDERS[name]} instead of one`]),
    ...(managed[0] === now.secrets[name] ? [] : [`the secret in Entra is not the current ${name}`]),
    ...(before?.secrets[name] === now.secrets[name] ? [`${name} was not rotated a second time`] : []),
    ...(isServers && held !== latest(setting, name)?.value ? ["the server holds another client secret"] : []),
  ];
}

/** Only where the bot signs in with a token. */
function faultsOfToken(setting: Setting, { before, now }: { before: InUse | undefined; now: InUse }): string[] {
  if (now.token === undefined) return [];
  const pinned = setting.cloud.openMetadata.pipelines().map((pipeline) => tokenOf(pipeline.pinned));
  return [
    ...(before?.token === now.token ? ["the bot's token was not rotated a second time"] : []),
    ...(latest(setting, "openmetadata-bot-token")?.value === now.token ? [] : ["the vault holds another token"]),
    ...(pinned.every((token) => token === now.token) ? [] : ["a pipeline holds another token than the bot"]),
  ];
}

function latest({ cloud }: Setting, name: string) {
  return cloud.vault
    .secrets()
    .find((secret) => secret.name === name)
    ?.versions.at(-1);
}

function tokenOf(mechanism: Mechanism | undefined): string | undefined {
  return mechanism?.authType === "JWT" ? mechanism.config.JWTToken : undefined;
}
