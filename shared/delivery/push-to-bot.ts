import { StalledError, UpstreamError } from "../errors.ts";
import type { Handed, Pushed } from "../rotation/client-secret/ports.ts";
import { admittedAs } from "./admittance.ts";
import { botUserShape, describedWith } from "./bot-user.ts";
import type { Bot, BotUser, Ports, SignIn, User } from "./ports.ts";
import { heldAlready, readBack, untouched } from "./read-back.ts";
import { redeploy } from "./redeploy.ts";

/** More changes by others during one push would mean that something pushes without end. */
const MOST_TIMES = 3;

/**
 * Gives ingestion-bot the client secret and proves that it took effect: nothing is written before the secret has
 * signed in, what was written is read back, the pipelines that pinned the old one are deployed anew, and at the end
 * OpenMetadata itself says that a token got with the secret is the bot. Where another push changes the bot before its
 * pipelines are deployed, they may have pinned another secret: they are deployed again, and the bot is written again
 * unless that push has left it as we want it.
 */
export async function pushToBot(ports: Ports, secret: Handed, version: string): Promise<Pushed> {
  const { openMetadata, deployment } = ports;
  const subject = `Cannot push the client secret to bot "${deployment.botName}" of deployment "${deployment.name}"`;
  const server = await admittedAs(ports, subject, { entraTokens: true });
  const bot = await openMetadata.bot(deployment.botName);
  if (!bot)
    throw new StalledError("bot-missing", `${subject}: OpenMetadata has no such bot`, {
      hint: "Set BOT_NAME to the name of an existing bot",
    });

  const signedIn = await signInWith(ports, secret, subject);
  const domain = server.principalDomain || deployment.principalDomain;
  const { wanted, found } = await wantedUser(ports, secret, { subject, name: signedIn.objectId, bot, domain });
  const { sso } = wanted;
  let user: User | undefined;
  // Where nobody has changed the user since, the pipelines that an earlier run has deployed hold this secret.
  let was = found?.version;
  for (let times = 0; times < MOST_TIMES; times += 1) {
    user =
      (user && (await heldAlready(ports, { wanted, user, ...server }))) ??
      (await write(ports, { subject, version, bot, wanted }));
    const deployed = await redeploy(ports, subject, { ...secret, of: deliveryOf(secret), as: user.version, was });
    was = undefined;
    if (deployed.kind === "waiting") return deployed;
    const after = await untouched(ports, { wanted: sso, user });
    if (!after) continue;
    const seen = await openMetadata.whoAmI(signedIn.accessToken);
    if (seen.id !== user.id) throw anotherUser(subject, seen.name, wanted.name);
    requireRoles(after, wanted, subject);
    const pipelines = `pipelines deployed: ${deployed.pipelines}`;
    return { kind: "delivered", detail: `ingestion signs in as ${user.email}; ${pipelines}` };
  }
  return {
    kind: "waiting",
    code: "changed-meanwhile",
    because: `something else changed the bot during all ${MOST_TIMES} deployments`,
  };
}

/** A confirmation repeats what was delivered, so that what was done for the delivery does not count for it. */
function deliveryOf({ version, again }: Handed): string {
  return again ? `${version} again` : version;
}

/** Writes the user, points the bot at it, and reads both back. */
async function write(
  ports: Ports,
  { subject, version, bot, wanted }: { subject: string; version: string; bot: Bot; wanted: BotUser },
): Promise<User> {
  const { openMetadata } = ports;
  const user = await openMetadata.putBotUser(wanted).catch((error: unknown) => {
    throw explained(error, subject, wanted);
  });
  if (bot.userId !== user.id) await openMetadata.pointBot(bot, user, botUserShape(version));
  await readBack(ports, { subject, version, wanted: wanted.sso, userId: user.id });
  return user;
}

async function signInWith(
  { signIn }: Ports,
  { appId, value }: Handed,
  subject: string,
): Promise<Extract<SignIn, { kind: "signed-in" }>> {
  const signedIn = await signIn(appId, value);
  if (signedIn.kind === "signed-in") return signedIn;
  throw new UpstreamError(
    `${subject}: Entra does not accept the secret (${signedIn.kind}); the bot keeps its current one`,
    {
      service: "Entra",
      status: 401,
      code: "secret-refused",
    },
  );
}

/** The user of the bot, by the name that ingestion's tokens stand for. The bot keeps its roles, also when it gets another user. */
async function wantedUser(
  { openMetadata, authority, scope }: Ports,
  { appId, value, version }: Handed,
  { subject, name, bot, domain }: { subject: string; name: string; bot: Bot; domain: string },
): Promise<{ wanted: BotUser; found: User | undefined }> {
  const before = await openMetadata.user(name);
  if (before?.isBot === false) throw notABot(subject, name);
  const roles = (before ?? (bot.userName ? await openMetadata.user(bot.userName) : undefined))?.roles ?? [];
  const wanted = {
    name,
    email: before?.email || `${name}@${domain}`,
    botName: bot.name,
    displayName: before?.displayName ?? bot.name,
    description: describedWith(before?.description, version),
    roles,
    sso: { clientSecret: value, clientId: appId, authority, scopes: [await scope()] },
  };
  return { wanted, found: before };
}

/** Two changes of a user at once may cost it its roles (seen in 1.2.0), and no later one gives them back. */
function requireRoles({ roles }: User, wanted: BotUser, subject: string): void {
  const lost = wanted.roles.filter((role) => roles !== undefined && !roles.includes(role));
  if (lost.length === 0) return;
  throw new StalledError(
    "bot-roles-lost",
    `${subject}: the bot has the secret, but user "${wanted.name}" lost the roles ${lost.join(", ")}`,
    { hint: `Give the roles back in Settings > Users > ${wanted.name}: without them ingestion cannot write` },
  );
}

function anotherUser(subject: string, seen: string, name: string): UpstreamError {
  return new UpstreamError(
    `${subject}: OpenMetadata maps a token obtained with the secret to user "${seen}", not "${name}"`,
    {
      service: "OpenMetadata",
      status: 409,
      code: "bot-sign-in-failed",
    },
  );
}

function notABot(subject: string, name: string): StalledError {
  return new StalledError(
    "bot-user-conflict",
    `${subject}: ingestion signs in as user "${name}", which exists and is not a bot`,
    {
      hint: `Delete that user as an administrator, as below; the next run recreates it as the bot's user:\nDELETE /api/v1/users/name/${name}?hardDelete=true`,
    },
  );
}

/** Refusals that last until a person acts: the name belongs to another bot (400), the e-mail to another user (409). */
function explained(error: unknown, subject: string, { name, email }: { name: string; email: string }): unknown {
  if (!(error instanceof UpstreamError)) return error;
  if (error.status === 409) {
    return new StalledError(
      "bot-user-conflict",
      `${subject}: another user has the email address "${email}": ${error.message}`,
      {
        hint: `Change the email address of that user, or delete the user (Settings > Users); the next run continues`,
        cause: error,
      },
    );
  }
  if (error.status === 400) {
    return new StalledError(
      "bot-user-conflict",
      `${subject}: OpenMetadata does not accept user "${name}" for the bot: ${error.message}`,
      {
        hint: `Check in Settings > Bots whether another bot has user "${name}", and give that bot another user; the next run continues`,
      },
    );
  }
  return error;
}
