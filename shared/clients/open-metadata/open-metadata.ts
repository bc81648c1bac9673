import { z } from "zod";
import { flag, messageIn, type OpenMetadataCalls, strings, text } from "./calls.ts";

/** How a bot signs in, as OpenMetadata describes it; secrets in it may be masked. */
export interface BotMechanism {
  authType: string;
  ssoServiceType: string | undefined;
  azure: AzureSso | undefined;
}

/** Azure SSO of a bot: what ingestion signs in to Entra with. */
export interface AzureSso {
  clientId: string;
  clientSecret: string;
  authority: string;
  scopes: string[];
}

export interface OpenMetadataUser {
  id: string;
  name: string;
  email: string;
  displayName?: string | undefined;
  description?: string | undefined;
  isAdmin: boolean;
  isBot: boolean;
  roles: string[];
  /** Grows with each change. */
  version?: number | undefined;
}

export interface Bot {
  name: string;
  displayName?: string | undefined;
  description?: string | undefined;
  userId: string;
  userName: string;
}

export interface Pipeline {
  id: string;
  name: string;
  deployed: boolean;
}

/** What the server answers for one pipeline that it was told to deploy. */
export interface Deployed {
  pipeline: string;
  ok: boolean;
  reason: string;
}

/** The parts of the server's public configuration that decide whether a token of ours is let in. */
export interface SignInConfiguration {
  provider: string;
  authority: string;
  clientId: string;
  publicKeyUrls: string[];
  jwtPrincipalClaims: string[];
  principalDomain: string;
  enforcePrincipalDomain: boolean;
}

export interface OpenMetadata {
  /** As the server says it, for example "1.2.5"; no token needed. */
  version(): Promise<string>;
  signInConfiguration(): Promise<SignInConfiguration>;
  /** The user that a token stands for; our own where none is given. */
  whoAmI(token?: string): Promise<OpenMetadataUser>;
  bot(name: string): Promise<Bot | undefined>;
  user(name: string): Promise<OpenMetadataUser | undefined>;
  mechanism(userId: string): Promise<BotMechanism>;
  /** Creates or changes the user of a bot so that it signs in with Azure SSO; answers the user. */
  putBotUser(user: BotUser): Promise<OpenMetadataUser>;
  /** Releases up to 0.13 want the user by reference, later ones by name. */
  pointBot(bot: Bot, user: OpenMetadataUser, by: "name" | "reference"): Promise<void>;
  pipelines(): Promise<Pipeline[]>;
  /** Gives up after so long; whether the server went on is then unknown. */
  deploy(pipelines: readonly Pipeline[], timeoutMilliseconds: number): Promise<Deployed[]>;
}

export interface BotUser {
  name: string;
  email: string;
  botName: string;
  displayName: string;
  description?: string | undefined;
  /** Ids; what is left out is taken away in releases before 1.0. */
  roles: string[];
  sso: AzureSso;
}

const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().default(""),
    displayName: text,
    description: text,
    isAdmin: flag,
    isBot: flag,
    version: z.number().optional(),
    roles: z.array(z.object({ id: z.string() })).nullish(),
  })
  .transform(({ roles, ...user }) => ({ ...user, roles: (roles ?? []).map(({ id }) => id) }));
const botSchema = z
  .object({
    name: z.string(),
    displayName: text,
    description: text,
    botUser: z.object({ id: z.string(), name: text }),
  })
  .transform(({ botUser, ...bot }) => ({ ...bot, userId: botUser.id, userName: botUser.name ?? "" }));
const azureSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  authority: z.string(),
  scopes: z.array(z.string()),
});
const mechanismSchema = z
  .object({
    authType: z.string(),
    config: z.object({ ssoServiceType: text, authConfig: z.unknown().optional() }).nullish(),
  })
  .transform(({ authType, config }) => ({
    authType,
    ssoServiceType: config?.ssoServiceType,
    azure: azureSchema.safeParse(config?.authConfig).data,
  }));
const authSchema = z.object({
  provider: z.string(),
  authority: z.string().default(""),
  clientId: z.string().default(""),
  publicKeyUrls: strings,
  jwtPrincipalClaims: strings,
});
const authorizerSchema = z.object({ principalDomain: z.string().default(""), enforcePrincipalDomain: flag });
const pipelineList = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), deployed: flag })),
  paging: z.object({ after: text }).nullish(),
});
/** What a server says, with success, whose pipeline service is switched off: nothing was deployed. */
const RUNNER_DISABLED = "Pipeline Client Disabled";
const deployAnswer = z.object({ code: z.number(), reason: text });
const deployAnswers = z.array(deployAnswer);

/** REST of one OpenMetadata server: its users, bots and pipelines. */
export function openMetadata({ send, read, call, system, find, hide, quote }: OpenMetadataCalls): OpenMetadata {
  return {
    version: async () => (await system("ask for the version", "version", z.object({ version: z.string() }))).version,
    async signInConfiguration() {
      const [authentication, authorizer] = await Promise.all([
        system("read the sign-in configuration", "config/auth", authSchema),
        system("read the authorizer's configuration", "config/authorizer", authorizerSchema),
      ]);
      return { ...authentication, ...authorizer };
    },
    whoAmI: (as) =>
      call("ask who a token stands for", "/v1/users/loggedInUser", {
        answer: userSchema,
        ...(as === undefined ? {} : { token: as }),
      }),
    bot: (name) => find(`read bot "${name}"`, `/v1/bots/name/${encodeURIComponent(name)}`, botSchema),
    user: (name) => find(`read user "${name}"`, `/v1/users/name/${encodeURIComponent(name)}?fields=roles`, userSchema),
    mechanism: (userId) =>
      call("read the bot's authentication mechanism", `/v1/users/auth-mechanism/${userId}`, {
        answer: mechanismSchema,
      }),
    putBotUser: ({ sso, ...user }) => {
      hide(sso.clientSecret);
      return call(`change the user of bot "${user.botName}"`, "/v1/users", {
        method: "PUT",
        body: {
          ...user,
          isAdmin: false,
          isBot: true,
          authenticationMechanism: { authType: "SSO", config: { ssoServiceType: "azure", authConfig: sso } },
        },
        answer: userSchema,
      });
    },
    pointBot: async ({ name, displayName, description }, user, by) => {
      const botUser = by === "name" ? user.name : { id: user.id, type: "user" };
      const body = { name, displayName, description, botUser };
      await call(`point bot "${name}" at user "${user.name}"`, "/v1/bots", { method: "PUT", body, answer: botSchema });
    },
    async pipelines() {
      const found: Pipeline[] = [];
      let after: string | undefined;
      do {
        const page = after ? `&after=${encodeURIComponent(after)}` : "";
        const path = `/v1/services/ingestionPipelines?limit=100${page}`;
        const { data, paging } = await call("list the ingestion pipelines", path, { answer: pipelineList });
        found.push(...data);
        after = paging?.after;
      } while (after);
      return found;
    },
    async deploy(pipelines, timeoutMilliseconds) {
      if (pipelines.length === 0) return [];
      const action = "deploy the ingestion pipelines";
      const bulk = await send(action, "/v1/services/ingestionPipelines/bulk/deploy", {
        method: "POST",
        body: pipelines.map(({ id }) => id),
        timeoutMilliseconds,
      });
      if (bulk.status !== 404 && bulk.status !== 405) {
        const answers = read(action, bulk, deployAnswers);
        return pipelines.map(({ name }, index) => {
          const { code, reason } = answers[index] ?? { code: 0, reason: "no answer for it" };
          const ok = code === 200 && reason !== RUNNER_DISABLED;
          return { pipeline: name, ok, reason: quote(reason ?? "") };
        });
      }
      const answers: Deployed[] = [];
      for (const { id, name } of pipelines) {
        const { status, json } = await send(action, `/v1/services/ingestionPipelines/deploy/${id}`, {
          method: "POST",
          timeoutMilliseconds,
        });
        // Some releases answer with the pipeline itself, which has neither.
        const { code = status, reason } = deployAnswer.partial().safeParse(json).data ?? {};
        const ok = status === 200 && code === 200 && reason !== RUNNER_DISABLED;
        answers.push({ pipeline: name, ok, reason: quote(reason ?? messageIn(json) ?? "") });
      }
      return answers;
    },
  };
}
