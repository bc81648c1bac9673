/** The queue of the work. */
export const WORK_QUEUE = "rotate-credential";

/** The queues that the app takes work from, one message each: those of `shared/engine/queues.ts`, which a test holds. */
export const QUEUES = [WORK_QUEUE, "secret-new-version", "secret-near-expiry", "send-notification"];

/** Where the host puts a message that has failed ten times (host.json). Microsoft Learn: "Azure Queue storage trigger". */
export const POISON_QUEUES = QUEUES.map((queue) => `${queue}-poison`);
