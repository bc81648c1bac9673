/**
 * Every number that the safety argument of docs/proof.md rests on, with its reason; functions, simulation and model use
 * these. `test/limits.test.ts` holds the relations between them. Durations in milliseconds.
 */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// What others do, which nothing here can change.

/** The host ends a run after this time, whatever it is doing: `functionTimeout` of host.json. */
export const HOST_TIME_OUT = 10 * MINUTE;
/** Azure's load balancer ends an HTTP request. Microsoft Learn: "Azure Functions HTTP trigger", limits. */
export const HTTP_TIME_OUT = 230 * SECOND;
/** Event Grid delivers an event again that was not answered by then. Microsoft Learn: "Event Grid message delivery and retry". */
export const EVENT_GRID_TIME_OUT = 30 * SECOND;
/** A write that was sent may take effect this long after the run that sent it has ended. */
export const LATE_WRITE = 5 * MINUTE;
/** Entra's list may show the state of a moment this long ago. */
export const ENTRA_LIST_LAG = 30 * MINUTE;
/** The clocks of Entra and of our own instances may be this far apart. */
export const CLOCK_SKEW = 10 * MINUTE;
/** The server may go on comparing with the token that it read before (OpenMetadata's BotTokenCache). */
export const BOT_TOKEN_CACHE = 2 * MINUTE;

// How long a run begins something new, by what started it. What is left over is the next run's.

/** The timer: the host would end it in the middle of a step. */
export const TIMER_BUDGET = 8 * MINUTE;
/** POST /api/rotate: the answer must be sent before the load balancer ends the request. */
export const CALL_BUDGET = 150 * SECOND;
/** The vault's events: the answer must reach Event Grid in time. */
export const EVENT_BUDGET = 20 * SECOND;

// How long one request may take.

export const REQUEST_TIME_OUT = 10 * SECOND;
/** Microsoft Graph, whose client repeats a request within this time; and OpenMetadata where it signs in at Entra first. */
export const SLOW_REQUEST_TIME_OUT = 15 * SECOND;
/** The server hands each deployment of a pipeline on to its orchestrator and waits for it. */
export const DEPLOY_TIME_OUT = MINUTE;

// What a rotation waits for, and how much it risks.

/** Every run that was alive at a delivery has ended this long after it, and what it had sent has taken effect. */
export const LONGEST_RUN = 15 * MINUTE;
/** A managed credential that no run accounts for is left alone this long: another run may just be storing it. */
export const GRACE = HOUR;
/** A fresh current secret is left to the event handler this long before the timer pushes it. */
export const EVENT_HEAD_START = 5 * MINUTE;
/** This many sign-ins in a row make a secret proven: Entra's replicas learn of it one after the other. */
export const PROOF_SIGN_INS = 5;
/** Between two sign-ins of a proof, so that they reach different replicas. */
export const PROOF_SPACING = 2 * SECOND;
/** A staged secret that could not be proven for this long is given up and another one issued. */
export const PROOF_PATIENCE = 6 * HOUR;
/** A call that names no moment goes on with what an earlier one for the same reason began so long ago at most. */
export const ASK_GOES_ON = 6 * HOUR;
/** A current secret is signed in with so often, whatever else happens: nobody else would notice one that is dead. */
export const CHECK_AGAIN = DAY;
/** This many managed credentials at once mean that something keeps losing them. */
export const MOST_MANAGED = 5;
/** The same after a leak, and while nothing current can sign in: a few losses more are risked. */
export const MOST_IN_EMERGENCY = 10;
/** Between two rotations there must be this much more than the overlap: for delivery, confirmation and retirement. */
export const ROOM_TO_RETIRE = DAY;
/** A bot's token that is due waits this long for a moment when no pipeline runs. */
export const DUE_TOKEN_WAITS = DAY;
/** The same for a token that somebody asked to replace. */
export const ASKED_TOKEN_WAITS = HOUR;
