import type { Cloud } from "../../local/cloud/cloud.ts";
import type { Secret } from "../../local/cloud/directory/secret.ts";
import type { VersionView } from "../../local/cloud/key-vault/control.ts";
import type { Mechanism } from "../../local/cloud/openmetadata/mechanism.ts";

export const REGISTRATION = "openmetadata-ingestion";
export const SECRET = "openmetadata-ingestion-client-secret";
export const STAGED = `${SECRET}-next`;

/** What everybody can see in the portal who is not the app: its credentials carry this in their names. */
const MARK = "managed by openmetadata-entra ";
const CLIENT_SECRET = "application/vnd.microsoft.entra.client-secret";

/** The state of the world, with every value in clear; nothing of it is what the app believes. */
export interface Truth {
  current(): VersionView | undefined;
  /** The latest version of the staged twin, if it holds a value. */
  staged(): VersionView | undefined;
  /** Every value that ever was current. */
  pastValues(): Set<string>;
  managed(): Secret[];
  foreign(): Secret[];
  /** What bot and deployed pipelines sign in with; `undefined` is no client secret. */
  holders(): { name: string; value: string | undefined }[];
  /** Managed credentials whose value the vault has in none of its versions. */
  orphans(): Secret[];
  /** What is wrong with the delivery of the current secret, one phrase each. */
  undelivered(): string[];
  /** What keeps the steady state from being reached, one phrase each. */
  unsteady(): string[];
}

export function truthOf({ directory, vault, openMetadata }: Cloud): Truth {
  const versionsOf = (name: string): VersionView[] =>
    vault.secrets().find((secret) => secret.name === name && !secret.deleted)?.versions ?? [];
  const latest = (name: string): VersionView | undefined => versionsOf(name).at(-1);
  const secrets = (): Secret[] =>
    directory.applications().find(({ uniqueName }) => uniqueName === REGISTRATION)?.secrets ?? [];
  const isManaged = ({ displayName }: Secret): boolean => displayName?.startsWith(MARK) ?? false;
  const truth: Truth = {
    current: () => latest(SECRET),
    staged() {
      const version = latest(STAGED);
      const isValue = version?.contentType === CLIENT_SECRET;
      return isValue && version.tags.keyId !== truth.current()?.tags.keyId ? version : undefined;
    },
    pastValues: () => new Set(versionsOf(SECRET).map(({ value }) => value)),
    managed: () => secrets().filter(isManaged),
    foreign: () => secrets().filter((secret) => !isManaged(secret)),
    holders: () => [
      { name: "the bot", value: clientSecretOf(openMetadata.botMechanism("ingestion-bot")) },
      ...openMetadata
        .pipelines()
        .filter(({ deployed }) => deployed)
        .map(({ name, pinned }) => ({ name: `pipeline ${name}`, value: clientSecretOf(pinned) })),
    ],
    orphans() {
      const kept = new Set([...versionsOf(SECRET), ...versionsOf(STAGED)].map(({ value }) => value));
      return truth.managed().filter(({ value }) => !kept.has(value));
    },
    undelivered() {
      const current = truth.current();
      if (!current) return ["no secret is current"];
      const inEntra = truth.managed().find(({ keyId }) => keyId === current.tags.keyId);
      const strangers = truth.holders().filter(({ value }) => value !== current.value);
      return [
        ...(current.enabled ? [] : ["the current secret is disabled"]),
        ...(inEntra?.value === current.value ? [] : ["the current secret is not one of Entra's"]),
        ...(current.tags.deliveredOn ? [] : ["the current secret is not marked delivered"]),
        ...strangers.map(({ name }) => `${name} holds something else than the current secret`),
      ];
    },
    unsteady() {
      const current = truth.current();
      const kept = [current?.tags.keyId, truth.staged()?.tags.keyId];
      const others = truth.managed().filter(({ keyId }) => !kept.includes(keyId));
      return [
        ...truth.undelivered(),
        ...(current?.tags.confirmedOn ? [] : ["the delivery is not confirmed"]),
        ...others.map(() => "a managed credential is left over in Entra"),
      ];
    },
  };
  return truth;
}

function clientSecretOf(mechanism: Mechanism | undefined): string | undefined {
  return mechanism?.authType === "SSO" ? mechanism.config.authConfig?.clientSecret : undefined;
}
