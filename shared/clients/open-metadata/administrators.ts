import * as z from "zod";
import type { Server } from "../../hygiene/ports.ts";
import { flag, type OpenMetadataCalls, text } from "./calls.ts";

const named = z.object({ name: z.string() });
const user = z.object({
  name: z.string(),
  email: text.transform((value) => value ?? ""),
  isAdmin: flag,
  isBot: flag,
});
/** How OpenMetadata itself says that something is not there; a proxy would say it otherwise. */
const notThere = z.object({ code: z.literal(404), message: z.string() });

/** Who administers a server, and how a user is found and deleted. */
export function administrators({
  read,
  send,
  list,
}: OpenMetadataCalls): Pick<Server, "userExists" | "administrators" | "deleteUser"> {
  const byName = (name: string): string => `/v1/users/name/${encodeURIComponent(name)}`;
  return {
    // A page that is no answer of OpenMetadata does not count as "no".
    async userExists(name) {
      const answer = await send(`read user "${name}"`, byName(name));
      if (answer.status === 404 && notThere.safeParse(answer.json).success) return false;
      read(`read user "${name}"`, answer, named);
      return true;
    },
    async administrators() {
      const found = await list("list the administrators", "/v1/users?isAdmin=true&limit=100", user);
      return found.filter(({ isAdmin }) => isAdmin).map(({ isAdmin: _, ...administrator }) => administrator);
    },
    async deleteUser(name) {
      const answer = await send(`delete user "${name}"`, `${byName(name)}?hardDelete=true`, { method: "DELETE" });
      if (answer.status === 404 && notThere.safeParse(answer.json).success) return;
      read(`delete user "${name}"`, answer, named);
    },
  };
}
