import { refusePlanted } from "../../deployment/maker.ts";
import { StalledError } from "../../errors.ts";
import { REPLICATION_PAUSES, retry } from "../../retry.ts";
import type { Version } from "../secret-store.ts";
import { grounded } from "./grounded.ts";
import type { Observed } from "./observed.ts";
import type { Holder, Ports, Signed } from "./ports.ts";

/** The latest versions of both vault secrets. */
export interface Vault {
  current: Version | undefined;
  staged: Version | undefined;
}

/** What is known of a credential at one moment, and where it lives. */
export interface Sight extends Observed, Vault {
  holder: Holder;
  current: Version | undefined;
  staged: Version | undefined;
}

/** What is not read again: Entra's list, and both vault secrets as a run has read them last, or written them since. */
export interface Known {
  holder: Holder;
  vault: Vault | undefined;
}

/**
 * Reads Entra's list and the two vault secrets: three requests, no value among the answers kept.
 * @throws {StalledError} when there is no registration.
 */
export async function observe(ports: Ports): Promise<Sight> {
  return (await seek(ports)) ?? unprovisioned(ports);
}

/**
 * The same, but a registration that another call has just made is waited for, half a minute at most: reads lag. What is
 * known already is not read.
 */
export async function observePatiently(ports: Ports, endsOn: Date, known?: Known): Promise<Sight> {
  if (known) return sightOf(known.holder, known.vault ?? (await readVault(ports)));
  const pauses = ports.madeLately?.() === false ? [] : REPLICATION_PAUSES;
  const sight = await retry(ports, () => seek(ports), { pauses, endsOn, spread: true });
  return sight ?? unprovisioned(ports);
}

async function seek(ports: Ports): Promise<Sight | undefined> {
  const { credentials, name, registration } = ports;
  const [found, vault] = await Promise.all([credentials.list(), readVault(ports)]);
  if (!found) return undefined;
  const { appId: clientId, createdByAppId } = found;
  const ownAppId = "appId" in registration ? undefined : await ports.ownAppId();
  refusePlanted(registration, { what: `the registration of "${name}"`, clientId, createdByAppId }, ownAppId);
  ports.clientId.tell(clientId);
  return sightOf(await withRecognised(ports, found, [vault.current, vault.staged]), vault);
}

async function readVault({ current, staged }: Ports): Promise<Vault> {
  const [latest, next] = await Promise.all([current.latest(), staged.latest()]);
  return { current: latest, staged: next };
}

function sightOf(holder: Holder, { current, staged }: Vault): Sight {
  const { managed: issued } = holder;
  return { holder, issued, current: grounded(current, issued), staged: grounded(staged, issued) };
}

/**
 * What an earlier release made does not tell whose it is: it is this installation's own where its vault knows it by id
 * and nonce. Only where what is stored now does not account for all of it is the rest of the vault's memory read.
 */
async function withRecognised(
  { current, staged }: Ports,
  holder: Holder,
  stored: readonly (Version | undefined)[],
): Promise<Holder> {
  let known: readonly (Pick<Version, "keyId" | "nonce"> | undefined)[] = stored;
  const isKnown = ({ keyId, nonce }: Signed): boolean =>
    known.some((one) => one?.keyId === keyId && one.nonce === nonce);
  if (!holder.unsigned.every(isKnown)) known = (await Promise.all([current.history(), staged.history()])).flat();
  const own = holder.unsigned.filter(isKnown).map(({ mark: _, nonce: __, ...issued }) => issued);
  return {
    ...holder,
    managed: [...holder.managed, ...own],
    unsigned: [],
    others: [...holder.others, ...holder.unsigned.filter((one) => !isKnown(one))],
  };
}

function unprovisioned({ name }: Ports): never {
  throw new StalledError("registration-missing", `Cannot rotate "${name}": its app registration does not exist`, {
    hint: "Call POST /api/provision, then POST /api/consent",
  });
}
