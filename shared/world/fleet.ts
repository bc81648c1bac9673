import { readBlob, STORAGE_SCOPE } from "../clients/blob/blob.ts";
import { type Fleet, readFleet } from "../deployment/fleet.ts";
import { SettingsError } from "../errors.ts";
import { FLEET_FRESH } from "../limits.ts";
import { remedyOf } from "../log.ts";
import { messageOf } from "../retry.ts";
import { clock } from "./clock.ts";
import { connections } from "./connections.ts";
import { settings } from "./settings.ts";

interface Known {
  fleet: Fleet;
  etag: string;
  /** When it was asked for. */
  on: number;
  /** Why it could not be read then. */
  unread?: string | undefined;
}

let known: Known | undefined;
let asking: Promise<Fleet> | undefined;

/**
 * The deployments, from the settings or from the blob that they name. The blob is asked for at most once a minute, by one
 * for all, and read only when it has changed; while it cannot be read, or is no list any more, what was read last counts.
 * @throws {SettingsError} where there is no deployment that can be served; {UpstreamError} where the blob was never read.
 */
export async function fleet(): Promise<Fleet> {
  const { source } = settings();
  if (source.kind === "given") return source;
  const now = clock.now().getTime();
  if (known && now - known.on < FLEET_FRESH && now >= known.on) return toldOf(known);
  asking ??= ask(source.url, now).finally(() => {
    asking = undefined;
  });
  return asking;
}

async function ask(url: string, now: number): Promise<Fleet> {
  try {
    known = await look(url, now);
  } catch (error) {
    if (!known) throw error;
    known = { ...known, on: now, unread: whyUnread(error) };
  }
  return toldOf(known);
}

function toldOf({ fleet: { deployments, faults }, unread }: Known): Fleet {
  if (unread === undefined) return { deployments, faults };
  return {
    deployments,
    faults: [...faults, `the list could not be read, so the previous one stays in use: ${unread}`],
  };
}

/** With what to do about it; a list that is wrong says so itself. */
function whyUnread(error: unknown): string {
  if (error instanceof SettingsError) return error.faults.join("; ");
  return [messageOf(error), remedyOf(error).hint].filter(Boolean).join(". ");
}

async function look(url: string, now: number): Promise<Known> {
  const token = await connections().own().tokenFor(STORAGE_SCOPE);
  const content = await readBlob(url, token, known?.etag);
  if (content.kind === "unchanged" && known) return { ...known, on: now, unread: undefined };
  const found = readFleet(content.kind === "read" ? content.json : undefined, "DEPLOYMENTS_BLOB");
  if (found.deployments.length === 0) throw new SettingsError(found.faults);
  return { fleet: found, etag: content.kind === "read" ? content.etag : "", on: now };
}
