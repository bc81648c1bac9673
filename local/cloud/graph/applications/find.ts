import type { Context } from "hono";
import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { Authenticated } from "../caller.ts";
import { hasKey, type Key, readKey } from "../odata/path.ts";
import { type Operation, requireOwner, requireRight } from "../permissions.ts";
import { notFound } from "../refusal.ts";

/** What an application may be addressed by beside its id. */
export const APPLICATION_KEYS = ["appId", "uniqueName"];

/** The application as readers see it now. */
export function readApplication(directory: Directory, key: Key): Application {
  const application = findApplication(directory.state.applications.list(directory.delayOfReads()), key);
  if (!application) throw notFound(key.value);
  return application;
}

/** The application that the request addresses, if the caller may do that to it. */
export function applicationToChange(
  c: Context<Authenticated>,
  directory: Directory,
  { operation, alternateKeys }: { operation: Operation; alternateKeys: readonly string[] },
): Application {
  const right = requireRight(c.get("caller"), operation);
  const key = readKey(c.req.param("key") ?? "", alternateKeys);
  const application = replicated(directory, key);
  if (!application) throw notFound(key.value);
  requireOwner(right, c.get("caller"), application.owners);
  return application;
}

/** The application that a write may refer to by now. */
export function replicated(directory: Directory, key: Key): Application | undefined {
  return findApplication(directory.state.applications.list(directory.delayOfReferences()), key);
}

export function findApplication(applications: Application[], key: Key): Application | undefined {
  return applications.find((application) => hasKey(application, key));
}
