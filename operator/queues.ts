/** The queues that the app takes work from, one message each. */
export const QUEUES = ["secret-new-version", "secret-near-expiry"];

/** Where the host puts a message that has failed ten times (host.json). Microsoft Learn: "Azure Queue storage trigger". */
export const POISON_QUEUES = QUEUES.map((queue) => `${queue}-poison`);
