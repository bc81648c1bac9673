import type { Ports } from "../../shared/delivery/ports.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { REQUEST_TIME_OUT } from "../../shared/limits.ts";
import type { Request } from "./network.ts";
import type { Pipeline, Server } from "./open-metadata.ts";
import { type Surroundings, signIn } from "./ports.ts";
import type { Run } from "./run.ts";
import { OBJECT_ID } from "./token-endpoint.ts";

const AUTHORITY = "https://login.microsoftonline.com/tenant";

/** The ports of a push to OpenMetadata, for one run. */
export function deliveryPorts(around: Surroundings, run: Run, server: Server): Ports {
  const { network, timeline, name } = around;
  const call = <T>(action: string, effect: () => T, more: Partial<Request<T>> = {}): Promise<T> =>
    network.call(run, { service: "OpenMetadata", action, write: false, timeout: REQUEST_TIME_OUT, effect, ...more });
  return {
    deployment: {
      name,
      openMetadataUrl: "https://openmetadata.example.com",
      botName: "ingestion-bot",
      botCredential: "auto",
      principalDomain: "example.com",
      openMetadataTokenSecret: undefined,
    },
    readWithinHours: 24,
    usesOwnToken: true,
    hadToken: async () => false,
    vault: "openmetadata-kv",
    ownObjectId: async () => "app",
    keysUrl: `${AUTHORITY}/discovery/v2.0/keys`,
    authority: AUTHORITY,
    scope: async () => "api://server/.default",
    signIn: (_appId, value) => signIn(around, run, value),
    now: () => new Date(timeline.now()),
    log: (line) => around.log(run, line),
    openMetadata: {
      version: () => call("ask for the version", () => "1.2.5"),
      signInConfiguration: () =>
        call("read the sign-in configuration", () => ({
          publicKeyUrls: [`${AUTHORITY}/discovery/v2.0/keys`],
          jwtPrincipalClaims: ["email", "sub"],
          enforcePrincipalDomain: false,
          principalDomain: "example.com",
        })),
      whoAmI: (token) => call("read the user of the token", () => whoAmI(server, token)),
      bot: () =>
        call('read bot "ingestion-bot"', () => ({ name: "ingestion-bot", userId: server.botUserId(), userName: "" })),
      user: (name) => call(`read user "${name}"`, () => server.users.get(name)),
      mechanism: (userId) => call("read the bot's authentication mechanism", () => mechanism(server, userId)),
      putBotUser: ({ name, email, description, sso }) =>
        call("change the user of the bot", () => server.putUser(run, { name, email, description, sso }), {
          write: true,
          carries: () => sso.clientSecret,
        }),
      pointBot: (_bot, user) => call("point the bot at its user", () => server.pointBot(run, user.id), { write: true }),
      pipelines: () =>
        call("list the ingestion pipelines", () =>
          server.pipelines.map(({ id, name, deployed }) => ({ id, name, deployed })),
        ),
      async deploy(pipelines, timeout) {
        if (pipelines.length === 0) return [];
        // The server goes by the order in which it was asked, whatever that of its own list is.
        const wanted = pipelines.flatMap(({ id }) => server.pipelines.find((one) => one.id === id) ?? []);
        const { effect, ...more } = deployment(around, { run, server, wanted });
        return call("deploy the ingestion pipelines", effect, { write: true, timeout, ...more });
      },
    },
  };
}

/** One pipeline after the other, also when nobody waits for them any more. */
function deployment(
  { timeline }: Surroundings,
  { run, server, wanted }: { run: Run; server: Server; wanted: readonly Pipeline[] },
) {
  let snapshot: string | undefined;
  const now = (one: Pipeline) => deploy(run, server, { one, snapshot });
  return {
    takes: () => wanted.length * server.takes,
    arrives() {
      snapshot = server.bot.value;
      const early = server.takes > 0 ? wanted.slice(0, -1) : [];
      for (const [index, one] of early.entries()) timeline.after((index + 1) * server.takes, () => now(one));
    },
    effect: () => wanted.map(now),
    carries: () => snapshot,
  };
}

function deploy(run: Run, server: Server, { one, snapshot }: { one: Pipeline; snapshot: string | undefined }) {
  const ok = server.deploy(run, one, snapshot);
  return { pipeline: one.name, ok, reason: ok ? "" : "its orchestrator does not answer" };
}

function whoAmI(server: Server, token: string | undefined) {
  if (token === undefined) return { id: "app", name: "app", email: "app@example.com", isAdmin: true };
  const user = server.users.get(OBJECT_ID);
  if (user) return user;
  throw new UpstreamError("Cannot read the user of the token: OpenMetadata answered 401", {
    service: "OpenMetadata",
    status: 401,
  });
}

function mechanism(server: Server, userId: string) {
  const user = [...server.users.values()].find(({ id }) => id === userId);
  if (!user?.sso) return { authType: "JWT", ssoServiceType: undefined, azure: undefined };
  const clientSecret = server.masks ? "*********" : user.sso.clientSecret;
  return { authType: "SSO", ssoServiceType: "azure", azure: { ...user.sso, clientSecret } };
}
