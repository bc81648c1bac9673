import { deleteSecret, recoverSecret } from "./deletion.ts";
import { epochSeconds, latestOf, type Secret, type Version } from "./state.ts";
import type { Right, Rules, Vault } from "./vault.ts";
import { addVersion, findSecret, findVersion, updateVersion } from "./versions.ts";

/** A version as a person in the portal sees it, with its value. */
export interface VersionView {
  version: string;
  value: string;
  contentType: string | undefined;
  tags: Record<string, string>;
  enabled: boolean;
  notBefore: Date | undefined;
  expiresOn: Date | undefined;
  createdOn: Date;
  updatedOn: Date;
}

/** A secret with its versions, oldest first. */
export interface SecretView {
  name: string;
  deleted: boolean;
  versions: VersionView[];
}

/**
 * What a person with every right on the vault could do and see. These verbs need no token and pass the firewall, but
 * keep the vault's own rules (a deleted name cannot be set) and raise its events.
 */
export interface KeyVaultControl {
  /** Adds to what the owner of the object id may do; it counts at once. */
  grant(objectId: string, rights: Right[]): void;
  /**
   * Lets the owner of the object id set only secrets whose name begins so, as a role assignment with a condition does
   * (Microsoft Learn: "Azure role assignment condition format", for Key Vault in preview). Letter case counts.
   */
  onlyNames(objectId: string, begin: string): void;
  /** Takes everything from the owner of the object id. */
  revoke(objectId: string): void;
  firewall(on: boolean): void;
  /** Changes what an administrator has set on the vault; what is not named stays. */
  setRules(changes: Partial<Rules>): void;
  /** Disables a version; the latest if none is named. */
  disable(name: string, version?: string): void;
  deleteByHand(name: string): void;
  recoverByHand(name: string): void;
  /** Stores a new version and returns its id. */
  setByHand(name: string, value: string, options?: { expiresOn?: Date; tags?: Record<string, string> }): string;
  /** All secrets, deleted ones included, in the order of their creation; copies. */
  secrets(): SecretView[];
}

export function createControl(vault: Vault): KeyVaultControl {
  return {
    grant(objectId, rights) {
      vault.rights.set(objectId, new Set([...(vault.rights.get(objectId) ?? []), ...rights]));
    },
    onlyNames: (objectId, begin) => void vault.settable.set(objectId, begin),
    revoke(objectId) {
      vault.rights.delete(objectId);
      vault.settable.delete(objectId);
    },
    firewall(on) {
      vault.rules.firewall = on;
    },
    setRules: (changes) => void Object.assign(vault.rules, changes),
    disable(name, id) {
      const secret = findSecret(vault, name);
      const version = id === undefined ? latestOf(secret) : findVersion(secret, id);
      updateVersion(vault, { secret, version }, { attributes: { enabled: false } });
    },
    deleteByHand: (name) => void deleteSecret(vault, name),
    recoverByHand: (name) => void recoverSecret(vault, name),
    setByHand(name, value, { expiresOn, tags } = {}) {
      const attributes = expiresOn ? { exp: epochSeconds(expiresOn) } : {};
      return addVersion(vault, name, { value, attributes, ...(tags ? { tags: { ...tags } } : {}) }).version.id;
    },
    secrets: () => [...vault.secrets.values()].map(view),
  };
}

function view({ name, versions, deletedOn }: Secret): SecretView {
  return { name, deleted: deletedOn !== undefined, versions: versions.map(viewVersion) };
}

function viewVersion(version: Version): VersionView {
  const on = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(seconds * 1000));
  return {
    version: version.id,
    value: version.value,
    contentType: version.contentType,
    tags: { ...version.tags },
    enabled: version.enabled,
    notBefore: on(version.notBefore),
    expiresOn: on(version.expires),
    createdOn: new Date(version.created * 1000),
    updatedOn: new Date(version.updated * 1000),
  };
}
