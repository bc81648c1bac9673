/** The queue of the work, and where the host puts what has failed for the last time. */
export const WORK_QUEUE = "rotate-credential";
/** The queues into which Event Grid puts the vault's events where it cannot reach the app: infra/events.json. */
export const NEW_VERSION_QUEUE = "secret-new-version";
export const NEAR_EXPIRY_QUEUE = "secret-near-expiry";
/** The queue of the notifications. */
export const NOTIFICATION_QUEUE = "send-notification";

/** All that the app takes messages from. */
export const QUEUES: readonly string[] = [WORK_QUEUE, NEW_VERSION_QUEUE, NEAR_EXPIRY_QUEUE, NOTIFICATION_QUEUE];
