/** What a caller must be allowed to do. */
export type Permission = "Automation.Run" | "Automation.Read";

/** The claims of a bearer token that has been verified. */
export interface Caller {
  roles: string[];
}

/** Verifies a bearer token: signature, issuer, audience, life; undefined when it is not good. */
export type VerifyToken = (token: string) => Promise<Caller | undefined>;

export type Access = { kind: "allowed" } | { kind: "unknown-caller" } | { kind: "role-missing"; role: Permission };

/** May this caller do it? Who may run may also read. */
export async function authorize(authorization: string | null, needs: Permission, verify: VerifyToken): Promise<Access> {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? "") ?? [];
  const caller = token === undefined ? undefined : await verify(token);
  if (!caller) return { kind: "unknown-caller" };
  const accepted: Permission[] = needs === "Automation.Read" ? ["Automation.Read", "Automation.Run"] : [needs];
  return accepted.some((role) => caller.roles.includes(role))
    ? { kind: "allowed" }
    : { kind: "role-missing", role: needs };
}
