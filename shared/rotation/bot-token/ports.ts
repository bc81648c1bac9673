import type { BotCredential } from "../../deployment/bot-credential.ts";
import type { Log } from "../../log.ts";
import type { WaitingCode } from "../../problems/problems.ts";
import type { Clock } from "../../retry.ts";
import type { Notebook } from "../progress.ts";
import type { Kept, SecretStore, Version } from "../secret-store.ts";
import type { Held } from "./observed.ts";
import type { TokenLifetime } from "./step.ts";

/** The token of a bot, as OpenMetadata shows it to an administrator. */
export interface ShownToken extends Held {
  /** undefined where the bot holds none. */
  token: string | undefined;
}

/** The tokens that OpenMetadata issues to its bots. */
export interface Tokens {
  /** undefined where there is no such user any more. */
  held(userId: string): Promise<ShownToken | undefined>;
  /** Takes the place of whatever the bot signed in with. */
  generate(userId: string, lifetime: TokenLifetime): Promise<void>;
  /** Ends the token at once, past the server's cache. */
  revoke(userId: string): Promise<void>;
}

/** What is noted with a token: which user of OpenMetadata holds it. */
export type KeptToken = Kept & { userId: string };

/** The vault secret of the token. */
export interface TokenStore extends Pick<SecretStore, "vault" | "isDeleted"> {
  note(...noted: Parameters<SecretStore["note"]>): Promise<unknown>;
  latest(): Promise<(Version & { userId?: string | undefined }) | undefined>;
  store(token: string, kept: KeptToken): Promise<Version>;
}

/**
 * What came of deploying the pipelines; `waiting`: there was no time left for all of them, and from `lookOn` on it may go
 * on.
 */
export type Redeployed =
  | { kind: "deployed"; pipelines: number }
  | { kind: "waiting"; code: WaitingCode; because: string; lookOn?: Date };

/** A deployment of all pipelines. Nothing is begun after `endsOn`. */
export interface Redeployment {
  endsOn: Date;
  /** Names the delivery that it belongs to, by which `notebook` tells what of it was done before. */
  of: string;
  /** The state of the bot's user that they are deployed with. */
  as?: number | undefined;
  /** The one in which it was found: where an earlier run left another one, what that has done does not count. */
  was?: number | undefined;
  notebook?: Notebook | undefined;
}

/** Everything that the rotation of a bot's token reads, writes and waits with. */
export interface Ports extends Clock {
  /** Name of the vault secret. */
  name: string;
  botName: string;
  /** The vault secret with the token that we sign in with, where that is not our own of Entra. */
  ownTokenSecret?: string | undefined;
  /** How the bot is to sign in at this server, by its release. */
  choose(): Promise<BotCredential>;
  bot(): Promise<{ userId: string } | undefined>;
  tokens: Tokens;
  /** Names of the pipelines that run at this moment, and how many are deployed. */
  runningPipelines(): Promise<{ running: string[]; deployed: number }>;
  /** @throws {StalledError} that says why the server does not take us for an administrator. */
  admitted(subject: string): Promise<unknown>;
  /** Deploys the pipelines anew that pin a token. */
  redeploy(subject: string, how: Redeployment): Promise<Redeployed>;
  /** Who a token stands for; our own where none is given. */
  whoAmI(token?: string): Promise<{ id: string; name: string }>;
  current: TokenStore;
  /** Written before a token is issued, so that a vault that cannot be written is found out in time. */
  staged: Pick<SecretStore, "announce">;
  nonce(): string;
  log: Log;
}
