import { z } from "zod";
import { flag, type OpenMetadataCalls, strings, text } from "./calls.ts";

/** How the server signs people in and whom it makes an administrator, as it tells anybody who asks. */
export interface SignInSettings {
  provider: string;
  authority: string;
  clientId: string;
  callbackUrl: string;
  /** Undefined in releases that know the implicit flow only (before 1.3.2). */
  clientType: string | undefined;
  publicKeyUrls: string[];
  enforcePrincipalDomain: boolean;
  /** Names, and in 2.x addresses, of those who are made administrators at each start; undefined where it is not told. */
  adminPrincipals: string[] | undefined;
}

export interface Administrator {
  name: string;
  email: string;
  isBot: boolean;
}

export interface Hygiene {
  /** No token is needed. */
  settings(): Promise<SignInSettings>;
  /** Ids of the keys with which the server signs the tokens of its bots; no token is needed. */
  ownKeyIds(): Promise<string[]>;
  /** Whether there is such a user. A page that is no answer of OpenMetadata does not count as "no". */
  userExists(name: string): Promise<boolean>;
  administrators(): Promise<Administrator[]>;
  /** For good, not softly; one who is gone already counts as deleted. */
  deleteUser(name: string): Promise<void>;
}

const blank = text.transform((value) => value ?? "");

const authentication = z.object({
  provider: z.string(),
  authority: blank,
  clientId: blank,
  callbackUrl: blank,
  clientType: text,
  publicKeyUrls: strings,
});
const authorizer = z
  .object({ enforcePrincipalDomain: flag, adminPrincipals: z.array(z.string()).nullish(), adminEmails: strings })
  .transform(({ adminPrincipals, adminEmails, ...rest }) => ({
    ...rest,
    adminPrincipals: adminPrincipals ? [...adminPrincipals, ...adminEmails] : undefined,
  }));
const keys = z.object({ keys: z.array(z.object({ kid: blank })) });
const named = z.object({ name: z.string() });
const page = z.object({
  data: z.array(z.object({ name: z.string(), email: blank, isAdmin: flag, isBot: flag })),
  paging: z.object({ after: z.string().nullish() }).nullish(),
});
/** How OpenMetadata itself says that something is not there; a proxy would say it otherwise. */
const notThere = z.object({ code: z.literal(404), message: z.string() });

/** What of one OpenMetadata server concerns drift and hygiene. */
export function openMetadataHygiene({ read, send, call, system }: OpenMetadataCalls): Hygiene {
  const byName = (name: string): string => `/v1/users/name/${encodeURIComponent(name)}`;
  return {
    async settings() {
      const [people, rights] = await Promise.all([
        system("read the sign-in configuration", "config/auth", authentication),
        system("read the authorizer's configuration", "config/authorizer", authorizer),
      ]);
      return { ...people, ...rights };
    },
    async ownKeyIds() {
      const found = await system("read the server's own keys", "config/jwks", keys);
      return found.keys.map(({ kid }) => kid);
    },
    async userExists(name) {
      const answer = await send(`read user "${name}"`, byName(name));
      if (answer.status === 404 && notThere.safeParse(answer.json).success) return false;
      read(`read user "${name}"`, answer, named);
      return true;
    },
    async administrators() {
      const found: Administrator[] = [];
      let after: string | null | undefined;
      do {
        const cursor = after ? `&after=${encodeURIComponent(after)}` : "";
        const path = `/v1/users?isAdmin=true&limit=100${cursor}`;
        const { data, paging } = await call("list the administrators", path, { answer: page });
        found.push(...data.filter(({ isAdmin }) => isAdmin).map(({ isAdmin: _, ...user }) => user));
        after = paging?.after;
      } while (after);
      return found;
    },
    async deleteUser(name) {
      const answer = await send(`delete user "${name}"`, `${byName(name)}?hardDelete=true`, { method: "DELETE" });
      if (answer.status === 404 && notThere.safeParse(answer.json).success) return;
      read(`delete user "${name}"`, answer, named);
    },
  };
}
