import { refuse } from "../refusal.ts";

/** The 409 for a second service principal of the same application. */
export function nameInUse(appId: string) {
  return refuse(
    409,
    "Request_MultipleObjectsWithSameKeyValue",
    `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
  );
}
