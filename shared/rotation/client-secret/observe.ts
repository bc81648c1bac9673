import { StalledError } from "../../errors.ts";
import { REPLICATION_PAUSES, retry } from "../../retry.ts";
import type { Version } from "../secret-store.ts";
import type { Observed } from "./observed.ts";
import type { Holder, Ports } from "./ports.ts";

/** What is known of a credential at one moment, and where it lives. */
export interface Sight extends Observed {
  holder: Holder;
  current: Version | undefined;
  staged: Version | undefined;
}

/**
 * Reads Entra's list and the two vault secrets: three requests, no value among the answers kept.
 * @throws {StalledError} when there is no registration.
 */
export async function observe(ports: Ports): Promise<Sight> {
  return (await seek(ports)) ?? unprovisioned(ports);
}

/** The same, but a registration that another call has just made is waited for, half a minute at most: reads lag. */
export async function observePatiently(ports: Ports, endsOn: Date): Promise<Sight> {
  const pauses = ports.madeLately?.() === false ? [] : REPLICATION_PAUSES;
  const sight = await retry(ports, () => seek(ports), { pauses, endsOn, spread: true });
  return sight ?? unprovisioned(ports);
}

async function seek({ credentials, current, staged }: Ports): Promise<Sight | undefined> {
  const [holder, latest, next] = await Promise.all([credentials.list(), current.latest(), staged.latest()]);
  return holder && { holder, issued: holder.managed, current: latest, staged: next };
}

function unprovisioned({ name }: Ports): never {
  throw new StalledError("registration-missing", `Cannot rotate "${name}": its app registration does not exist`, {
    hint: "Call POST /api/provision, then POST /api/consent",
  });
}
