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
/** The app's own queue: what cannot be sent in this time is left to the timer. */
export const QUEUE_TIME_OUT = 5 * SECOND;
/** Microsoft Graph, whose client repeats a request within this time; and OpenMetadata where it signs in at Entra first. */
export const SLOW_REQUEST_TIME_OUT = 15 * SECOND;
/**
 * The server hands each deployment of a pipeline on to its orchestrator and waits for it: 10 to 24 s were reported for
 * each (open-metadata/OpenMetadata #32004). A call to it gets time for each pipeline in it.
 */
export const DEPLOYMENT_TAKES = 24 * SECOND;

/** A list that takes longer, page after page, is given up. */
export const LIST_TIME_OUT = MINUTE;
/** A list with more pages does not end. */
export const MOST_PAGES = 1_000;
/** A list of deployments that was read so lately is taken for the one that counts. */
export const FLEET_FRESH = MINUTE;
/** An answer that is longer is none. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** A service that wants to be left alone for longer is asked again by a later run, and not waited for. */
export const LONGEST_PAUSE = 5 * SECOND;
/** The same within a run that has the time. */
export const LONGEST_WAIT = 30 * SECOND;

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
/** So long a run that a message follows goes on signing in with a secret that is not known everywhere yet. */
export const PROOF_TRY = 30 * SECOND;
/** A staged secret that could not be proven for this long is given up and another one issued. */
export const PROOF_PATIENCE = 6 * HOUR;
/** A call that names no moment goes on with what an earlier one for the same reason began so long ago at most. */
export const ASK_GOES_ON = 6 * HOUR;
/** What a call asked for may be done by the queue before the call is repeated: so long the repeat is answered as such. */
export const ASK_UNTOLD = HOUR;
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
/** The old token ends with the new one: none is issued where less time than this is left to deploy the pipelines. */
export const TOKEN_NEEDS = MINUTE;
/** The same for a token that somebody asked to replace. */
export const ASKED_TOKEN_WAITS = HOUR;

// The queue, which carries the work from run to run. host.json holds what its host does; docs/queues.md says why.

/** A queue-triggered run, which has a unit of work for itself: the host would end it in the middle of a step. */
export const UNIT_BUDGET = 8 * MINUTE;
/** What must be waited for is looked at again after this. */
export const NEXT_LOOK = MINUTE;
/** Messages that were sent for the same moment are spread over so long. */
export const MESSAGES_SPREAD = 20 * SECOND;
/** Units of a sweep are at most this far apart; closer where the sweep's period has no room for that. */
export const SWEEP_PACE = MINUTE;
/** A sweep spreads its units over no more than this, however seldom the timer runs. */
export const LONGEST_SPREAD = HOUR;
/** A unit that a sweep has sent is gone this long after its time has come: the next sweep sends another. */
export const SWEPT_UNIT_LIFE = 40 * MINUTE;
/** Messages that wait for something follow one another this long where no sweep has sent the first. */
export const WAITING_LIFE = DAY;
/** The queue hides no message for longer (Azure allows seven days). */
export const LONGEST_DELAY = 6 * DAY;
/** A delivery that a message goes on with is left to it: until it comes, works, and some more. */
export const DELIVERY_LEFT = UNIT_BUDGET + 7 * MINUTE;
/** The longest pause between two attempts to deploy a pipeline that cannot be deployed. */
export const LONGEST_RETRY = 6 * HOUR;
/** A note that leaves a delivery to a message for longer is none of ours. */
export const LONGEST_LEFT = LONGEST_RETRY + DELIVERY_LEFT + CLOCK_SKEW;
/** The timer counts as silent when it is overdue by this, and by twice its period. */
export const TIMER_OVERDUE = 2 * HOUR;
/**
 * Copies of the message that watches over the timer would be received at once, and each would go on for ever: spread over
 * so long, the others see what the first one has done.
 */
export const WATCH_SPREAD = 4 * MINUTE;
/** Nobody knows when the timer runs for the first time, nor, after that, when for the second: so long it is waited for. */
export const FIRST_TIMER_RUN = DAY;
