import type { Context } from "hono";
import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { Delay } from "../../directory/records.ts";
import type { Authenticated } from "../caller.ts";
import { type Key, readKey } from "../odata/path.ts";
import { type Operation, requireOwner, requireRight } from "../permissions.ts";
import { notFound } from "../refusal.ts";

/** What an application may be addressed by beside its id. */
export const APPLICATION_KEYS = ["appId", "uniqueName"] as const;

type AlternateKey = (typeof APPLICATION_KEYS)[number];

/** The application as readers see it now. */
export function readApplication(directory: Directory, key: Key<AlternateKey>): Application {
  const application = findApplication(directory, key, directory.delayOfReads());
  if (!application) throw notFound(key.value);
  return application;
}

/** The application that the request addresses, if the caller may do that to it. */
export function applicationToChange(
  c: Context<Authenticated>,
  directory: Directory,
  { operation, alternateKeys }: { operation: Operation; alternateKeys: readonly AlternateKey[] },
): Application {
  const right = requireRight(c.get("caller"), operation);
  const key = readKey(c.req.param("key") ?? "", alternateKeys);
  const application = replicated(directory, key);
  if (!application) throw notFound(key.value);
  requireOwner(right, c.get("caller"), application.owners);
  return application;
}

/** The application that a write may refer to by now. */
export function replicated(directory: Directory, key: Key<AlternateKey>): Application | undefined {
  return findApplication(directory, key, directory.delayOfReferences());
}

/** Without a delay the newest version. */
export function findApplication(
  { state }: Directory,
  { by, value }: Key<AlternateKey>,
  delay?: Delay,
): Application | undefined {
  return state.applications.bearing(by, value, delay)[0];
}
