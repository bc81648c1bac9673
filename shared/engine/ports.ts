import type { Message } from "./message.ts";

/** When a message may be seen, and how long it is kept; milliseconds. Without `life` it is kept for ever. */
export interface Sending {
  delay: number;
  life?: number | undefined;
}

/** What stands with the queue itself: a few notes by name, and about how many messages it holds, hidden ones included. */
export interface QueueState {
  notes: Readonly<Record<string, string>>;
  messages: number;
}

/** The queue of the work. Every call ends in bounded time. @throws {UpstreamError} */
export interface WorkQueue<M extends object = Message> {
  send(message: M, sending: Sending): Promise<void>;
  state(): Promise<QueueState>;
  /** Writes all notes anew. Names in lower case. */
  note(notes: Record<string, string>): Promise<void>;
  /** About how many messages have failed for the last time. */
  poisoned(): Promise<number>;
}
