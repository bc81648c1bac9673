import type { Clock } from "../../clock.ts";
import { every } from "../every.ts";
import type { SecurityConfiguration } from "../openmetadata/security-configuration.ts";
import { redeem } from "./redeem.ts";

export interface PeopleOptions {
  clock: Clock;
  /** Whose client secret redeems their codes. A stand-in server fits by shape. */
  openMetadata: { securityConfiguration(): SecurityConfiguration };
  /** How often one of them signs in; default 30. */
  everyMinutes?: number;
}

/** A person who was not let in: when, and with which words Entra refused the server. */
export interface PersonRefusal {
  on: Date;
  reason: string;
}

/** People at work: what they were refused is what an operator would have been called for. */
export interface People {
  /** How often anybody tried to sign in, refusals included. */
  signIns(): number;
  refusals(): PersonRefusal[];
  /** One signs in every so many minutes from now on. */
  start(): void;
  stop(): void;
}

/**
 * People who sign in to OpenMetadata all the time. At the end of the authorization-code flow the server proves itself
 * to Entra with the client secret that it holds at that moment, and that is what is measured: once, without a second
 * try. A public client has no secret to prove itself with, so its people are not counted.
 */
export function createPeople({ clock, openMetadata, everyMinutes = 30 }: PeopleOptions): People {
  const refusals: PersonRefusal[] = [];
  let signIns = 0;
  const signIn = async (): Promise<void> => {
    const { authenticationConfiguration: settings } = openMetadata.securityConfiguration();
    if (settings.clientType !== "confidential") return;
    const on = clock.now();
    signIns += 1;
    const reason = await redeem(settings);
    if (reason !== undefined) refusals.push({ on, reason });
  };
  return { signIns: () => signIns, refusals: () => [...refusals], ...every(everyMinutes, clock, signIn) };
}
