import type { Context } from "hono";
import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { Authenticated } from "../caller.ts";
import { readKey } from "../odata/path.ts";
import type { Property } from "../owner-routes.ts";
import { mayUpdateCredentials } from "../roles/role-routes.ts";
import { applicationAnswer } from "./application-answer.ts";
import { APPLICATION_KEYS, applicationToChange, readApplication, replicated } from "./find.ts";
import type { Keeper } from "./password-routes.ts";

/** Whether `(uniqueName='…')` works below an application too is unverified, and therefore refused. */
const alternateKeys = ["appId"] as const;

/** The secrets of applications. */
export function secretsOfApplications(directory: Directory): Keeper {
  return {
    find(c) {
      const application =
        allowedByRole(c, directory) ??
        applicationToChange(c, directory, { operation: "write passwords", alternateKeys });
      return { application, secrets: application.secrets, put: (secrets) => put(directory, application, { secrets }) };
    },
  };
}

function allowedByRole(c: Context<Authenticated>, directory: Directory): Application | undefined {
  const application = replicated(directory, readKey(c.req.param("key") ?? "", alternateKeys));
  const { objectId } = c.get("caller");
  return application && mayUpdateCredentials(directory, objectId, application.id) ? application : undefined;
}

/** The owners of applications. */
export function ownersOfApplications(directory: Directory): Property {
  return {
    read: (c) => readApplication(directory, readKey(c.req.param("key") ?? "", alternateKeys)).owners,
    find(c) {
      const application = applicationToChange(c, directory, { operation: "write owners", alternateKeys });
      return { owners: application.owners, put: (owners) => put(directory, application, { owners }) };
    },
  };
}

/** Everything that Graph shows of an application, for reading a part of it. */
export function propertiesOfApplications(directory: Directory): (c: Context<Authenticated>) => object {
  return (c) => {
    const application = readApplication(directory, readKey(c.req.param("key") ?? "", APPLICATION_KEYS));
    return applicationAnswer(application, directory);
  };
}

function put({ state }: Directory, application: Application, change: Partial<Application>): void {
  state.applications.put(application.id, { ...application, ...change });
}
