import { NeverSent } from "./calls.ts";
import { type Call, NotThere, record, type Seen, type Tenant } from "./case.ts";
import { type Patiently, removeResource, removeSecret } from "./remove.ts";
import { addSetting, removeSetting } from "./settings.ts";
import type { ThrowAway } from "./throw-away.ts";

type Calls = Record<"vault" | "arm" | "graph", Call>;

interface Given extends Calls {
  /** For removing, also after the end was asked for. */
  last: Calls;
  patiently: Patiently;
  thrown: ThrowAway;
}

interface Making {
  /** For the list of what stays, if it does. */
  what: string;
  make(): Promise<Seen>;
  /** Asked also where nobody knows whether it was made. @returns why something stays. */
  remove(): Promise<string | undefined>;
}

/** Throw-away secrets, resources and objects of Microsoft Graph. */
export function throwAwayObjects({
  vault,
  arm,
  graph,
  last,
  patiently,
  thrown,
}: Given): Pick<Tenant, "putSecret" | "putResource" | "addSetting" | "postToGraph"> {
  const making = async ({ what, make, remove }: Making): Promise<Seen> => {
    thrown.add(what, remove);
    const seen = await make().catch((error: unknown) => {
      if (error instanceof NeverSent || error instanceof NotThere) thrown.drop(what);
      throw error;
    });
    // Refused for good: there is nothing to remove, and nothing to be said about that.
    if (seen.status >= 400 && seen.status < 500) thrown.drop(what);
    return seen;
  };
  return {
    putSecret: (name, body) =>
      making({
        what: `secret ${name}`,
        make: () => vault("PUT", `/secrets/${name}?api-version=7.4`, { body }),
        remove: () => removeSecret(last.vault, name, patiently),
      }),
    putResource: (path, body) =>
      making({
        what: path.split("?")[0] ?? path,
        make: () => arm("PUT", path, { body }),
        remove: () => removeResource(last.arm, path, patiently),
      }),
    addSetting: (siteId, name, value) =>
      making({
        what: `app setting ${name}`,
        make: () => addSetting(arm, siteId, { name, value }),
        remove: () => removeSetting(last.arm, siteId, name),
      }),
    async postToGraph(collection, body) {
      let id: string | undefined;
      const seen = await making({
        what: `one of ${collection}`,
        make: () => graph("POST", collection, { body }),
        remove: async () => {
          if (id === undefined) return "nobody knows whether it was made: no answer came";
          const removed = await last.graph("DELETE", `${collection}/${id}`);
          return removed.status === 204 || removed.status === 404 ? undefined : `not deleted (${removed.status})`;
        },
      });
      const made = record(seen.json).id;
      if (seen.status < 300 && typeof made === "string") id = made;
      return seen;
    },
  };
}
