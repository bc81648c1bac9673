import { UpstreamError } from "../../errors.ts";
import { BOT_TOKEN_CACHE, SECOND } from "../../limits.ts";
import { trouble } from "../../log.ts";
import type { WaitingCode } from "../../problems/problems.ts";
import { every, isTransient, retry } from "../../retry.ts";
import { known } from "../progress.ts";
import type { Ports, Redeployed, Redeployment } from "./ports.ts";

const SPACING = 10 * SECOND;

export type Delivered =
  | { kind: "delivered"; detail: string }
  | { kind: "waiting"; code: WaitingCode; because: string; lookOn?: Date };

/** The deployment of the pipelines; `briefly`: what must be waited for is left to a later run. */
export type Delivery = Redeployment & { briefly?: boolean | undefined };

/**
 * Has the pipelines that pin the bot's token deployed with the one that it holds now, and shows that one to the server
 * until it is taken for the bot: while the server's cache lasts it refuses it. Pipelines first, so that none is left
 * with the old one any longer than need be.
 */
export async function deliver(
  ports: Ports,
  { token, userId, ...how }: Delivery & { token: string; userId: string },
): Promise<Delivered> {
  const subject = `Cannot deliver the token of bot "${ports.botName}"`;
  const { endsOn, briefly } = how;
  const deployed = await deploy(ports, subject, how);
  if (deployed.kind === "waiting") return deployed;
  const begunOn = ports.now().getTime();
  const patience = new Date(begunOn + (briefly ? SPACING : BOT_TOKEN_CACHE + 3 * SPACING));
  const seen = await retry(ports, () => taken(ports, token), {
    pauses: every(SPACING),
    endsOn: patience < endsOn ? patience : endsOn,
  });
  if (seen?.id === userId) {
    return { kind: "delivered", detail: `the bot signs in; pipelines deployed: ${deployed.pipelines}` };
  }
  if (seen) throw notTheBot(`${subject}: OpenMetadata maps the token to user "${seen.name}"`);
  if (!briefly && ports.now().getTime() + SPACING > patience.getTime()) {
    throw notTheBot(`${subject}: OpenMetadata rejects the token that it has just issued`);
  }
  const because = "OpenMetadata still caches the previous token (up to 2 minutes)";
  return { kind: "waiting", code: "token-cache-pending", because };
}

/** Until it succeeds the pipelines are locked out, so that it is not left to the next run at once. */
function deploy(ports: Ports, subject: string, how: Delivery): Promise<Redeployed> {
  const { endsOn, notebook, of } = how;
  // What has failed before waits for its time.
  const hasFailed = (known(notebook, of)?.failed.length ?? 0) > 0;
  return retry(ports, () => ports.redeploy(subject, how), {
    pauses: [SPACING, SPACING],
    endsOn,
    spread: true,
    again: (failure) => !hasFailed && isTransient(failure),
    onFailure: (message) =>
      ports.log({ event: "note", message: `retrying the deployment of the pipelines: ${message}` }),
  });
}

/**
 * What can still be done where the vault fails after a token was issued: the pipelines' own one has ended, and theirs
 * does not come from the vault. Whatever fails here too is the next run's; never throws.
 */
export async function deployAnyway(ports: Ports, how: Delivery): Promise<void> {
  try {
    await deploy(ports, `Cannot deploy the pipelines of bot "${ports.botName}"`, how);
    const message = `the pipelines of bot "${ports.botName}" were deployed with the new token although the run failed`;
    ports.log({ event: "note", message });
  } catch (error) {
    ports.log(trouble("the pipelines still use a token that is no longer valid", error));
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
  return new UpstreamError(message, { service: "OpenMetadata", status: 401, code: "bot-sign-in-failed" });
}
