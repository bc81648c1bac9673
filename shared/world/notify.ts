import { STORAGE_SCOPE } from "../clients/blob/blob.ts";
import { blobMemory } from "../clients/blob/memory.ts";
import { NOTIFICATION_QUEUE } from "../engine/queues.ts";
import type { NoticeMessage } from "../notify/notice.ts";
import type { Memory, Send } from "../notify/ports.ts";
import { connections, openQueue } from "./connections.ts";
import { memoized } from "./memoize.ts";
import { blobServiceUri, storageSettings } from "./settings.ts";

/** The queue of the notifications. */
export const notices = memoized(() => openQueue<NoticeMessage>(storageSettings(), NOTIFICATION_QUEUE));

/** Puts a notice into the queue, for all receivers. */
export const sendNotice: Send = (notice) => notices().send({ version: 1, kind: "notice", notice }, { delay: 0 });

/** What was told last; without a blob service there are no receivers to tell. */
export const memory = memoized(
  (): Memory =>
    blobMemory({ blobServiceUri: blobServiceUri() ?? "", token: () => connections().own().tokenFor(STORAGE_SCOPE) }),
);
