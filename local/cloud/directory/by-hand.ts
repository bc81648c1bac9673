import type { Application } from "./application.ts";
import { newSecret } from "./secret.ts";
import { restorable, restore, softDelete } from "./soft-delete.ts";
import type { State } from "./state.ts";

/** What a person does in the portal, in the middle of the story. Applications are named by `uniqueName` or client id. */
export interface ByHand {
  addPasswordByHand(name: string, given: GivenByHand): { keyId: string; value: string };
  removePasswordByHand(keyId: string): void;
  /** Softly, as every deletion. */
  deleteApplication(name: string): void;
  restoreApplication(name: string): void;
}

export interface GivenByHand {
  displayName: string;
  /** Default: in two years. */
  endDateTime?: string;
}

export function createByHand(state: State): ByHand {
  const find = (what: string, fits: (application: Application) => boolean): Application => {
    const application = state.applications.list().find(fits);
    if (!application) throw new Error(`Cannot find the application with ${what}`);
    return application;
  };
  const named = (name: string): Application => find(`the name "${name}"`, (application) => goesBy(application, name));

  return {
    addPasswordByHand(name, { displayName, endDateTime }) {
      const application = named(name);
      const endOn = endDateTime === undefined ? undefined : new Date(endDateTime);
      const secret = newSecret({ displayName, endOn }, state.clock.now());
      state.applications.put(application.id, { ...application, secrets: [...application.secrets, secret] });
      return { keyId: secret.keyId, value: secret.value };
    },
    removePasswordByHand(keyId) {
      const holds = ({ secrets }: Application): boolean => secrets.some((secret) => secret.keyId === keyId);
      const application = find(`the secret "${keyId}"`, holds);
      const secrets = application.secrets.filter((secret) => secret.keyId !== keyId);
      state.applications.put(application.id, { ...application, secrets });
    },
    deleteApplication: (name) => softDelete(state, named(name)),
    restoreApplication(name) {
      const deleted = restorable(state).find(({ application }) => goesBy(application, name));
      if (!deleted) throw new Error(`Cannot restore "${name}": no deleted application has that name`);
      restore(state, deleted);
    },
  };
}

function goesBy({ uniqueName, appId }: Application, name: string): boolean {
  return uniqueName === name || appId === name;
}
