import type { Setting } from "../../../journey/setting.ts";
import type { IncomingRequest } from "../../../local/cloud/exchange.ts";
import { DAY } from "../../../shared/limits.ts";
import { broken } from "../../promises.ts";
import { sleep } from "../open-app.ts";
import { heldToken, latest } from "./newer-credentials.ts";

/** A change of one credential, during which every write is struck. */
export interface Story {
  name: string;
  /** Whether each point is played in a world of its own, in which nothing has been rotated yet. */
  fresh?: boolean;
  /** Requests about the credential in question. */
  isAbout(request: IncomingRequest): boolean;
  /** Brings the world to the moment. */
  begin?(setting: Setting): Promise<void>;
  /** What somebody asks for, as the body of POST /api/rotate; without it the timer does what is due. */
  ask?(setting: Setting): object;
  /** What is wrong at the end with what was to change, or not; told beside what must always hold. */
  came(setting: Setting, before: Held): string[];
}

/** What was in use before. */
export interface Held {
  token: string | undefined;
  secret: string | undefined;
}

export function heldBefore(setting: Setting): Held {
  return { token: heldToken(setting), secret: latest(setting, "openmetadata-server-client-secret")?.value };
}

/** From OpenMetadata 1.3 on the bot's token is all that the app writes there, but for the security configuration. */
function isAboutToken({ service, path }: IncomingRequest): boolean {
  if (service === "key-vault") return path.includes("bot-token");
  return service === "openmetadata" && !path.includes("/security/");
}

function isAboutSecret({ service, path }: IncomingRequest): boolean {
  if (service === "key-vault") return path.includes("server-client-secret");
  return service === "graph" || (service === "openmetadata" && path.includes("/security/"));
}

const ended = (setting: Setting, { token }: Held): string[] =>
  heldToken(setting) === token ? [broken("convergence", "the old token is still the bot's")] : [];
const replaced = (setting: Setting, { secret }: Held): string[] =>
  heldBefore(setting).secret === secret ? [broken("convergence", "the old client secret is still current")] : [];

const asks = (more: object) => (setting: Setting) => ({
  credential: "bot-token",
  because: "crash points",
  issuedBefore: setting.clock.now().toISOString(),
  ...more,
});

/**
 * Two months in which the app does not run and nobody signs in: everything is due. What was left in the queue comes when
 * the clock goes on, and is struck like what the timer sends.
 */
async function twoMonthsOn(setting: Setting): Promise<void> {
  await sleep(setting, 61 * DAY);
}

export const STORIES: Story[] = [
  { name: "a token that is asked for", isAbout: isAboutToken, ask: asks({}), came: ended },
  { name: "a token that is due", isAbout: isAboutToken, begin: twoMonthsOn, came: ended },
  { name: "a token that leaked", isAbout: isAboutToken, ask: asks({ revokeOld: true }), came: ended },
  {
    name: "an endless token, taken into the vault",
    fresh: true,
    isAbout: isAboutToken,
    came: (setting, { token }) =>
      heldToken(setting) === token ? [] : [broken("no needless work", "the endless token was replaced unasked")],
  },
  { name: "the first client secret of the server", fresh: true, isAbout: isAboutSecret, came: replaced },
  { name: "a client secret of the server that is due", isAbout: isAboutSecret, begin: twoMonthsOn, came: replaced },
];
