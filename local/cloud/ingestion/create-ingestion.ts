import type { Clock } from "../../clock.ts";
import { every } from "../every.ts";
import type { Mechanism } from "../openmetadata/mechanism.ts";
import { type Run, signsInWith } from "../openmetadata/runs.ts";
import { signIn } from "./sign-in.ts";

export interface IngestionOptions {
  clock: Clock;
  /** Where it sees what each pipeline was deployed with, and what the bot holds. A stand-in server fits by shape. */
  openMetadata: {
    pipelines(): { name: string; deployed: boolean; pinned?: Mechanism | undefined; runs: Run[] }[];
    botMechanism(botName: string): Mechanism | undefined;
  };
  /** Origin, and base path if it has one, without `/api`. */
  openMetadataUrl: string;
  /** How often each of them signs in; default 30. */
  everyMinutes?: number;
  /** The bot whose credential the external runner reads; default `ingestion-bot`. */
  botName?: string;
}

/** A sign-in that was refused: when, whose, and by whom with which words. */
export interface SignInRefusal {
  on: Date;
  pipeline: string;
  reason: string;
}

/** Ingestion at work: what it was refused is what an operator would have been called for. */
export interface Ingestion {
  /** How often anybody tried to sign in, refusals included. */
  signIns(): number;
  refusals(): SignInRefusal[];
  /** Signs in every so many minutes from now on. */
  start(): void;
  stop(): void;
}

/** The name under which the runner outside of OpenMetadata is counted, which reads the bot's credential every time. */
export const EXTERNAL_RUNNER = "external";

/**
 * Signs in all the time, over HTTP, with what it was handed: each deployed pipeline with the credential of its
 * deployment (a run that is under way with the one that it began with), the external runner with the bot's own. It measures availability, so that it tries once and notes
 * every refusal; none of them makes the clock's `advance` fail.
 */
export function createIngestion(options: IngestionOptions): Ingestion {
  const { clock, openMetadata, openMetadataUrl, everyMinutes = 30, botName = "ingestion-bot" } = options;
  const refusals: SignInRefusal[] = [];
  let signIns = 0;

  const tryOnce = async (pipeline: string, mechanism: Mechanism | undefined): Promise<SignInRefusal[]> => {
    const on = clock.now();
    signIns += 1;
    const reason = await signIn(mechanism, openMetadataUrl);
    return reason === undefined ? [] : [{ on, pipeline, reason }];
  };
  const runAll = async (): Promise<void> => {
    const deployed = openMetadata.pipelines().filter((pipeline) => pipeline.deployed);
    // All at once, as in life (and a third faster); noted in the order of the pipelines, so that runs are alike.
    const refused = await Promise.all([
      ...deployed.map((pipeline) => tryOnce(pipeline.name, signsInWith(pipeline))),
      tryOnce(EXTERNAL_RUNNER, openMetadata.botMechanism(botName)),
    ]);
    refusals.push(...refused.flat());
  };
  return { signIns: () => signIns, refusals: () => [...refusals], ...every(everyMinutes, clock, runAll) };
}
