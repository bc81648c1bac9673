import type { BotCredential } from "../../deployment/bot-credential.ts";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { ProblemCode } from "../../problems/problems.ts";
import { isNotUp } from "../not-up.ts";
import type { Policy } from "../order.ts";
import type { Moment, Observed } from "./observed.ts";
import { dueOn, reasonToIssue } from "./plan.ts";
import type { Ports, ShownToken } from "./ports.ts";

/** What is known at one moment. The token itself is left out. */
export type Sight = { kind: "seen" } & Observed;

type Latest = Awaited<ReturnType<Ports["current"]["latest"]>>;

export type Look =
  | Sight
  /** The bot signs in another way. */
  | { kind: "unused"; because: string; current: Observed["current"] }
  /** The server has not answered yet, and somebody who called waits for it. */
  | { kind: "not-up"; because: string; current: undefined }
  /** The server does not answer, and as far as the vault tells nothing is due. */
  | { kind: "unseen"; code: ProblemCode; because: string; current: Observed["current"] };

/**
 * Reads the vault, the bot, and what the server holds for its user, if that is still the one that the vault's tags name:
 * three requests. Where it is another, or a `thorough` look is wanted, the server's release is asked for too. A server
 * that does not answer while nothing is outstanding is no failure of a look that is not thorough.
 */
export async function observe(
  ports: Ports,
  policy: Policy,
  { thorough, ...moment }: Moment & { thorough: boolean },
): Promise<Look> {
  const current = await ports.current.latest();
  try {
    return await lookAtServer(ports, policy, { current, thorough, moment });
  } catch (error) {
    if (current === undefined && moment.run.called && isNotUp(error)) {
      return { kind: "not-up", because: `OpenMetadata does not answer yet: ${error.message}`, current };
    }
    const passes = error instanceof UpstreamError && error.service === "OpenMetadata" && error.transient;
    if (!passes || thorough || isPending(current, policy, moment.now)) throw error;
    return { kind: "unseen", code: error.code, because: error.message, current };
  }
}

/** Is anything outstanding that an outage of the server would delay? */
function isPending(current: Observed["current"], policy: Policy, now: Date): boolean {
  if (!current) return false;
  const due = dueOn(current, policy);
  return !current.enabled || !current.confirmedOn || (due !== undefined && now >= due);
}

async function lookAtServer(
  ports: Ports,
  policy: Policy,
  { current, thorough, moment }: { current: Latest; thorough: boolean; moment: Moment },
): Promise<Look> {
  const bot = thorough || !current?.userId ? undefined : await botOf(ports);
  // Pointed at another user, a bot holds what that one holds, however good the token of the former is.
  const isKnown = bot !== undefined && bot.userId === current?.userId;
  if (!isKnown) {
    const chosen = await ports.choose();
    if (chosen.kind === "refused") throw undecided(ports, chosen);
    if (chosen.kind === "sso" && current?.keyId !== undefined) throw wentBack(ports, chosen.because);
    if (chosen.kind === "sso") return { kind: "unused", because: chosen.because, current };
  }
  const { token: _, ...held } = await heldByBot(ports, bot ?? (await botOf(ports)));
  const seen: Sight = { kind: "seen", held, current, running: [], deployed: undefined };
  return reasonToIssue(seen, policy, moment) ? { ...seen, ...(await ports.runningPipelines()) } : seen;
}

type Bot = Awaited<ReturnType<Ports["bot"]>>;

function botOf(ports: Ports): Promise<Bot> {
  return explained(ports, () => ports.bot());
}

async function heldByBot(ports: Ports, bot: Bot): Promise<ShownToken> {
  const held = bot && (await heldBy(ports, bot.userId));
  if (held) return held;
  // To a caller that it does not know the server answers "not found", whatever it is asked.
  await ports.admitted(`Cannot rotate "${ports.name}"`);
  throw new StalledError(
    "bot-missing",
    `Cannot rotate "${ports.name}": OpenMetadata has no bot "${ports.botName}", or the bot has no user`,
    { hint: "Set BOT_NAME to the name of an existing bot" },
  );
}

/** To believe it would let the token run out, and the client secret be given to whoever answers. */
function wentBack({ name, botName }: Ports, because: string): StalledError {
  return new StalledError(
    "openmetadata-release-lower",
    `Cannot rotate "${name}": ${because}, but bot "${botName}" has had a token, which only 1.3 and later issue`,
    {},
  );
}

/** To pass over it in silence would let a token run out. */
function undecided({ name }: Ports, { code, because }: Extract<BotCredential, { kind: "refused" }>): StalledError {
  return new StalledError(code, `Cannot rotate "${name}": ${because}`, {
    hint: 'Set BOT_CREDENTIAL to "jwt" if the bot uses a token issued by OpenMetadata (1.3 and later), or to "sso" if it signs in with Azure SSO',
  });
}

function heldBy(ports: Ports, userId: string): Promise<ShownToken | undefined> {
  return explained(ports, () => ports.tokens.held(userId));
}

/** A server that refuses us is asked why, so that the operator hears what to change. */
async function explained<T>(ports: Ports, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const refused = error instanceof UpstreamError && [401, 403].includes(error.status);
    if (refused) await ports.admitted(`Cannot read the token of bot "${ports.botName}"`);
    if (error instanceof UpstreamError && error.status === 400) {
      throw new StalledError(
        "bot-user-conflict",
        `Cannot rotate "${ports.name}": the user of bot "${ports.botName}" cannot hold a token: ${error.message}`,
        {
          hint: "Check in Settings > Bots which user the bot has, and give it a user that is a bot, or correct BOT_NAME",
        },
      );
    }
    throw error;
  }
}
