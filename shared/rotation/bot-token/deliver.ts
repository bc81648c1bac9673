import { UpstreamError } from "../../errors.ts";
import type { Ports, Redeployed } from "./ports.ts";

/** The server may go on comparing with the token that it read before, for two minutes (OpenMetadata's BotTokenCache). */
const CACHE_WINDOW = 120_000;
const SPACING = 10_000;
/** So often a deployment is tried: until it succeeds the pipelines are locked out. */
const DEPLOYMENTS = 3;

export type Delivered = { kind: "delivered"; detail: string } | { kind: "waiting"; because: string };

/**
 * Has the pipelines that pin the bot's token deployed with the one that it holds now, and shows that one to the server
 * until it is taken for the bot: while the server's cache lasts it refuses it. Pipelines first, so that none is left
 * with the old one any longer than need be.
 */
export async function deliver(
  ports: Ports,
  { token, userId, endsOn }: { token: string; userId: string; endsOn: Date },
): Promise<Delivered> {
  const subject = `Cannot deliver the token of bot "${ports.botName}"`;
  const deployed = await deploy(ports, subject, endsOn);
  if (deployed.kind === "waiting") return deployed;
  const patience = ports.now().getTime() + CACHE_WINDOW + 3 * SPACING;
  for (;;) {
    const seen = await taken(ports, token);
    if (seen?.id === userId) {
      return { kind: "delivered", detail: `the bot signs in, ${deployed.pipelines} pipelines deployed` };
    }
    if (seen) throw notTheBot(`${subject}: OpenMetadata takes it for user "${seen.name}"`);
    const next = ports.now().getTime() + SPACING;
    if (next > patience) throw notTheBot(`${subject}: OpenMetadata refuses the token that it issued itself`);
    if (next > endsOn.getTime()) {
      return { kind: "waiting", because: "OpenMetadata still compares with the token before, for two minutes at most" };
    }
    await ports.wait(SPACING);
  }
}

async function deploy(ports: Ports, subject: string, endsOn: Date): Promise<Redeployed> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await ports.redeploy(subject, endsOn);
    } catch (error) {
      const passes = error instanceof UpstreamError && error.transient && attempts < DEPLOYMENTS;
      if (!passes || ports.now().getTime() + SPACING > endsOn.getTime()) throw error;
      ports.log(`deploying again: ${error.message}`);
    }
    await ports.wait(SPACING);
  }
}

/**
 * What can still be done where the vault fails after a token was issued: the pipelines' own one has ended, and theirs
 * does not come from the vault. Whatever fails here too is the next run's; never throws.
 */
export async function deployAnyway(ports: Ports, endsOn: Date): Promise<void> {
  try {
    await deploy(ports, `Cannot deploy the pipelines of bot "${ports.botName}"`, endsOn);
    ports.log(`the pipelines were deployed with the new token of bot "${ports.botName}" all the same`);
  } catch (error) {
    ports.log(error instanceof Error ? error.message : "the pipelines could not be deployed");
  }
}

async function taken({ whoAmI }: Ports, token: string): Promise<{ id: string; name: string } | undefined> {
  try {
    return await whoAmI(token);
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 401) return undefined;
    throw error;
  }
}

function notTheBot(message: string): UpstreamError {
  return new UpstreamError(message, { service: "OpenMetadata", status: 401, transient: true });
}
