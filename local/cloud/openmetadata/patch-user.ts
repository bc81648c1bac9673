import { z } from "zod";
import { change } from "./change.ts";
import { refusal } from "./refusal.ts";
import type { Server } from "./server.ts";
import type { User } from "./state.ts";

/** A JSON patch (RFC 6902), of the operations that set or take away one property. */
export const userPatch = z.array(
  z.discriminatedUnion("op", [
    z.object({ op: z.enum(["add", "replace"]), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal("remove"), path: z.string() }),
  ]),
);
export type UserPatch = z.infer<typeof userPatch>;

const VALUES = {
  "/displayName": z.string(),
  "/description": z.string(),
  "/timezone": z.string(),
  "/isAdmin": z.boolean(),
} as const;

/** Whether only an administrator may do this to another's or to one's own user. */
export function needsAdmin(patch: UserPatch): boolean {
  return patch.some(({ path }) => path === "/isAdmin" || path === "/isBot");
}

/**
 * `PATCH /v1/users/{id}`: an authentication mechanism in it is put back as it was, and the answer is 200 all the
 * same; so it is in every release. Paths other than those here are refused, which the real server would not do.
 */
export function patchUser(server: Server, patch: UserPatch, target: { user: User; by: string }): void {
  const changes: Record<string, unknown> = {};
  for (const operation of patch) {
    const { path } = operation;
    if (path.startsWith("/authenticationMechanism")) continue;
    const schema = VALUES[path as keyof typeof VALUES];
    const value = operation.op === "remove" ? undefined : operation.value;
    if (!schema?.optional().safeParse(value).success) throw refusal(400, `Cannot apply patch to ${path}`);
    changes[path.slice(1)] = path === "/isAdmin" ? value === true : value;
  }
  change(target.user, changes, { now: server.options.clock.now(), name: target.by });
}
