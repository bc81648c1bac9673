import { NEAR_EXPIRY_QUEUE, NEW_VERSION_QUEUE, NOTIFICATION_QUEUE, WORK_QUEUE } from "../shared/engine/queues.ts";

/** The queues that the app takes work from, one message each. */
export const QUEUES = [WORK_QUEUE, NEW_VERSION_QUEUE, NEAR_EXPIRY_QUEUE, NOTIFICATION_QUEUE];

/** Where the host puts a message that has failed ten times (host.json). Microsoft Learn: "Azure Queue storage trigger". */
export const POISON_QUEUES = QUEUES.map((queue) => `${queue}-poison`);
