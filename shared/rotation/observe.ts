import { StalledError } from "../errors.ts";
import type { Holder, Ports, Version } from "./ports.ts";
import type { Observed } from "./state.ts";

/** What is known of a credential at one moment, and where it lives. */
export interface Sight extends Observed {
  holder: Holder;
  current: Version | undefined;
  staged: Version | undefined;
}

/** Reads Entra's list and the two vault secrets: three requests, no value among the answers kept. */
export async function observe({ name, credentials, current, staged }: Ports): Promise<Sight> {
  const [holder, latest, next] = await Promise.all([credentials.list(), current.latest(), staged.latest()]);
  if (!holder) {
    throw new StalledError(
      `Cannot rotate "${name}": its app registration does not exist`,
      "Call POST /api/provision and POST /api/consent first",
    );
  }
  return { holder, issued: holder.managed, current: latest, staged: next };
}
