import { StalledError, UpstreamError } from "../errors.ts";
import { botUserShape, chooseBotCredential, differences, tokenObstacles } from "./plan.ts";
import type { Ports, Secret } from "./ports.ts";

/** Delivered, or out of time before everything was done. Failures are thrown. */
export type Pushed = { kind: "delivered"; detail: string } | { kind: "waiting"; because: string };

/** The server hands each deployment on to its orchestrator and waits for it. */
const LONGEST_DEPLOY = 60_000;

/**
 * Gives ingestion-bot the client secret and proves that it took effect: nothing is written before the secret has
 * signed in, what was written is read back, the pipelines that pinned the old one are deployed anew, and at the end
 * OpenMetadata itself says that a token got with the secret is the bot.
 */
export async function pushToBot(ports: Ports, secret: Secret): Promise<Pushed> {
  const { openMetadata, deployment, now } = ports;
  const subject = `Cannot push the client secret to bot "${deployment.botName}" of deployment "${deployment.name}"`;
  const version = await openMetadata.version();
  const choice = chooseBotCredential(version, deployment.botCredential);
  if (choice.kind !== "sso") throw notByThisWay(subject, choice.because);

  const server = await letIn(ports, subject);
  const bot = await openMetadata.bot(deployment.botName);
  if (!bot)
    throw new StalledError(`${subject}: the server has no such bot`, "Set BOT_NAME to the name of an existing bot");

  const signedIn = await ports.signIn(secret.appId, secret.value);
  if (signedIn.kind !== "signed-in") {
    throw new UpstreamError(`${subject}: Entra refuses the secret (${signedIn.kind}), so the bot keeps what it has`, {
      service: "Entra",
      status: 401,
      transient: true,
    });
  }
  const name = signedIn.objectId;
  const before = await openMetadata.user(name);
  // The bot keeps its roles, also when it gets another user.
  const roles = (before ?? (bot.userName ? await openMetadata.user(bot.userName) : undefined))?.roles ?? [];
  const sso = {
    clientSecret: secret.value,
    clientId: secret.appId,
    authority: ports.authority,
    scopes: [await ports.scope()],
  };
  const user = await openMetadata.putBotUser({
    name,
    email: before?.email || `${name}@${server.principalDomain || deployment.principalDomain}`,
    botName: bot.name,
    displayName: before?.displayName ?? bot.name,
    description: before?.description,
    roles,
    sso,
  });
  if (bot.userId !== user.id) await openMetadata.pointBot(bot, user, botUserShape(version));
  await readBack(ports, { subject, version, wanted: sso, userId: user.id });

  const left = secret.endsOn.getTime() - now().getTime();
  if (left <= 0) return { kind: "waiting", because: "no time left to deploy the pipelines" };
  const deployed = await redeploy(ports, subject, Math.min(left, LONGEST_DEPLOY));
  const seen = await openMetadata.whoAmI(signedIn.accessToken);
  if (seen.id !== user.id) {
    throw new UpstreamError(`${subject}: a token got with it is user "${seen.name}", not "${name}"`, {
      service: "OpenMetadata",
      status: 409,
      transient: true,
    });
  }
  return { kind: "delivered", detail: `ingestion signs in as ${user.email}, ${deployed} pipelines deployed` };
}

/**
 * Finds out beforehand whether the server takes tokens of applications, and ours for an administrator's, and explains
 * what is missing.
 */
async function letIn({ openMetadata, keysUrl, usesOwnToken, deployment, ownObjectId }: Ports, subject: string) {
  const server = await openMetadata.signInConfiguration();
  // What shuts out our own token shuts out ingestion's too: a bot moved to Azure SSO would be locked out.
  const obstacles = tokenObstacles(server, { keysUrl });
  if (obstacles.length > 0) {
    const who = usesOwnToken ? "the app's identity" : "ingestion";
    throw new StalledError(`${subject}: the server does not let ${who} in`, obstacles.join("; "));
  }
  const admin = await openMetadata.whoAmI().catch((error: unknown) => {
    const refused = error instanceof UpstreamError && [401, 403, 404].includes(error.status);
    if (!refused) throw error;
    return error;
  });
  if (!(admin instanceof UpstreamError) && admin.isAdmin) return server;
  const problem = whyNot(admin);
  const name = usesOwnToken ? await ownObjectId() : "";
  throw new StalledError(
    `${subject}: ${problem}`,
    usesOwnToken
      ? `Add ${name} to AUTHORIZER_ADMIN_PRINCIPALS and restart the server, or let an administrator send PUT /api/v1/users {"name":"${name}","email":"${name}@${server.principalDomain || deployment.principalDomain}","isAdmin":true}`
      : `Store the token of an administrator's bot in the vault secret "${deployment.openMetadataTokenSecret}"`,
  );
}

function whyNot(admin: { name: string } | UpstreamError): string {
  if (!(admin instanceof UpstreamError)) return `user "${admin.name}" is no administrator`;
  return admin.status === 404 ? "the server does not know the app's user" : `the server refuses it: ${admin.message}`;
}

/** A status code proves nothing: later releases answer 200 and drop what they were sent. */
async function readBack(
  { openMetadata, deployment }: Ports,
  { subject, version, wanted, userId }: ReadBack,
): Promise<void> {
  const pointed = await openMetadata.bot(deployment.botName);
  const fields = differences(await openMetadata.mechanism(userId), wanted);
  if (pointed?.userId !== userId) fields.push("botUser");
  if (fields.length === 0) return;
  throw new StalledError(
    `${subject}: OpenMetadata ${version} answered success, but holds another ${fields.join(", ")}`,
    "Look at the bot in Settings, Bots. Nothing was lost: the secret is in the vault, and the next run tries again",
  );
}

interface ReadBack {
  subject: string;
  version: string;
  wanted: Parameters<typeof differences>[1];
  userId: string;
}

/** The consumer of an ingestion client secret up to OpenMetadata 1.2. */
export function ingestionBot(ports: Ports): { push(secret: Secret): Promise<Pushed> } {
  return { push: (secret) => pushToBot(ports, secret) };
}

/** Pipelines that OpenMetadata deployed keep the credential that the bot had then (open-metadata/OpenMetadata #24806). */
async function redeploy({ openMetadata, log }: Ports, subject: string, timeout: number): Promise<number> {
  const pinned = (await openMetadata.pipelines()).filter(({ deployed }) => deployed);
  const answers = await openMetadata.deploy(pinned, timeout);
  const failed = answers.filter(({ ok }) => !ok);
  for (const { pipeline, reason } of failed) log(`pipeline "${pipeline}" was not deployed: ${reason}`);
  if (failed.length === 0) return pinned.length;
  const names = failed.map(({ pipeline }) => `"${pipeline}"`).join(", ");
  throw new UpstreamError(
    `${subject}: ${failed.length} of ${pinned.length} pipelines could not be deployed and still hold the old one: ${names}`,
    { service: "OpenMetadata", status: 502, transient: true },
  );
}

function notByThisWay(subject: string, because: string): StalledError {
  return new StalledError(
    `${subject}: ${because}`,
    "The secret stays current in the vault for ingestion that reads it there; the bot keeps its own token",
  );
}
