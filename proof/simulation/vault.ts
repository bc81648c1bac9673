import { StalledError, UpstreamError } from "../../shared/errors.ts";
import { LONGEST_RUN } from "../../shared/limits.ts";
import type { Kept, Version } from "../../shared/rotation/secret-store.ts";
import { NOTHING_NOTED } from "../../shared/rotation/stored.ts";
import type { Chance } from "./chance.ts";

/** What the app notes in the tags of a version. They are replaced as a whole, without any precondition. */
export type Tags = Omit<Version, "version" | "enabled" | "createdOn" | "expiresOn" | "intent">;

export interface VaultVersion {
  version: string;
  value: string;
  enabled: boolean;
  createdAt: number;
  /** An intent may be announced anew in the same version. */
  announcedAt: number;
  expiresOn: Date | undefined;
  intent: boolean;
  /** Only on a version that the app stored. */
  tags: Tags | undefined;
  /** Once noted, though its tags may have been replaced since. */
  notedAsPromoted: boolean;
  /** Its place in lists, which tells nothing of its age. */
  listed: number;
}

/** One secret of a vault whose reads never lag. Key Vault keeps its times in whole seconds. */
export interface VaultSecret {
  name: string;
  versions: VaultVersion[];
  /** A person has deleted it; the name is taken until somebody recovers or purges it. */
  deleted: boolean;
  /** The latest version that holds a value. */
  latest(): VaultVersion | undefined;
  /**
   * The same as the real client finds it. Where the very latest is an intent or disabled it goes by the list of
   * versions, which has an order of its own, and by their times, which are whole seconds.
   */
  shown(): Version | undefined;
  value(version: string): string;
  store(value: string, credential: Kept): VaultVersion;
  announce(nonce: string, times: { on: Date; expiresOn: Date }): void;
  tag(version: string, tags: Tags): VaultVersion;
  /** A person stores a value by hand: a version without tags and expiry. */
  storeByHand(value: string): VaultVersion;
}

export function vaultSecret(name: string, { now, chance }: { now: () => number; chance: Chance }): VaultSecret {
  const versions: VaultVersion[] = [];
  const secret: VaultSecret = {
    name,
    versions,
    deleted: false,
    latest: () => (secret.deleted ? undefined : versions.findLast(({ intent }) => !intent)),
    shown() {
      const latest = secret.latest();
      const plain = latest && latest === versions.at(-1) && latest.enabled;
      if (plain || !latest) return latest && show(latest);
      const second = wholeSecond(new Date(latest.createdAt)).getTime();
      const isDisabled = versions.at(-1)?.enabled === false;
      const alike = versions.filter((one) => !one.intent && one.createdAt >= second && !(isDisabled && one.enabled));
      return show(alike.toSorted((one, other) => one.listed - other.listed)[0] ?? latest);
    },
    value(version) {
      const found = find(version);
      if (!found.enabled) throw refusal("read", name, { status: 403, code: "SecretDisabled" });
      return found.value;
    },
    store: (value, { expiresOn, ...credential }) => {
      const tags = { ...NO_TAGS, ...credential, provenOn: credential.provenOn, asked: credential.asked };
      return add({ value, expiresOn: wholeSecond(expiresOn), intent: false, tags });
    },
    announce(nonce, { on, expiresOn }) {
      const tags = { ...NO_TAGS, nonce };
      const last = versions.at(-1);
      const isSpent = last?.intent && last.enabled && on.getTime() > last.announcedAt + LONGEST_RUN;
      if (isSpent && !secret.deleted) Object.assign(last, { tags, announcedAt: now() });
      else add({ value: "intent", expiresOn: wholeSecond(expiresOn), intent: true, tags });
    },
    tag(version, tags) {
      const found = find(version);
      found.tags = tags;
      if (tags.promotedOn) found.notedAsPromoted = true;
      return found;
    },
    storeByHand: (value) => add({ value, expiresOn: undefined, intent: false, tags: undefined }),
  };
  const find = (version: string): VaultVersion => {
    const found = secret.deleted ? undefined : versions.find((one) => one.version === version);
    if (!found) throw refusal("read", name, { status: 404, code: "SecretNotFound" });
    return found;
  };
  const add = (content: Pick<VaultVersion, "value" | "expiresOn" | "intent" | "tags">): VaultVersion => {
    if (secret.deleted) throw deletedButRecoverable(name);
    const version = {
      version: `${name}/${versions.length + 1}`,
      enabled: true,
      createdAt: now(),
      announcedAt: now(),
      notedAsPromoted: false,
      listed: chance.between(0, 1),
      ...content,
    };
    versions.push(version);
    return version;
  };
  return secret;
}

const NO_TAGS: Tags = {
  keyId: undefined,
  nonce: undefined,
  issuedOn: undefined,
  ...NOTHING_NOTED,
};

/** What the app replaces when it notes something: all tags of the version as it has seen it. */
export function tagsOf({
  version: _,
  enabled: __,
  createdOn: ___,
  expiresOn: ____,
  intent: _____,
  ...tags
}: Version): Tags {
  return tags;
}

export function show({ version, enabled, createdAt, expiresOn, intent, tags }: VaultVersion): Version {
  return { version, enabled, createdOn: wholeSecond(new Date(createdAt)), expiresOn, intent, ...(tags ?? NO_TAGS) };
}

function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** A refusal as the real client turns it into an error. */
export function refusal(
  action: string,
  name: string,
  { status, code }: { status: number; code: string },
): UpstreamError {
  return new UpstreamError(`Cannot ${action} secret "${name}" in vault "simulated": ${status} ${code}`, {
    service: "Key Vault",
    status,
    serviceCode: code,
  });
}

function deletedButRecoverable(name: string): StalledError {
  return new StalledError(
    "vault-secret-deleted",
    `Cannot store secret "${name}" in vault "simulated": 409 ObjectIsDeletedButRecoverable`,
    { hint: `Recover the deleted secret, or purge it` },
  );
}
