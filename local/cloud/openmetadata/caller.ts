import type { Context } from "hono";
import { refusal } from "./refusal.ts";

/** The user that made a request. */
export interface Caller {
  name: string;
  isAdmin: boolean;
  isBot: boolean;
}

/** What the routes behind the token check find in their context. */
export interface Authenticated {
  Variables: { caller: Caller };
}

/** Throws the 403 for a caller who is no administrator. */
export function requireAdmin(c: Context<Authenticated>): void {
  const { name, isAdmin } = c.get("caller");
  if (!isAdmin) throw refusal(403, `Principal: CatalogPrincipal{name='${name}'} is not admin`);
}
