import { readersWait } from "../rotation/client-secret/reasons.ts";
import { type Condition, holds, lacks } from "./condition.ts";

interface Current {
  keyId: string | undefined;
  storedOn: Date;
  deliveredOn: Date | undefined;
  delivery: "verified" | "assumed" | undefined;
  readUntil: Date | undefined;
}

/** Whether whoever signs in with it has it, and how that is known. `hasOlder`: an older one still lets them in. Pure. */
export function delivered(
  current: Current | undefined,
  { now, lateAfter }: { now: Date; lateAfter: number },
  { hasOlder }: { hasOlder: boolean },
): Condition {
  if (current?.keyId === undefined) return lacks("Delivered", ["healthy", "none-stored"], "There is none to deliver");
  const { deliveredOn, delivery, storedOn } = current;
  if (deliveredOn && delivery === "assumed") {
    const message =
      "Assumed, not verified: workloads read the vault by themselves, and have had the time that the settings give them";
    return holds("Delivered", "assumed", message, deliveredOn);
  }
  if (deliveredOn) return holds("Delivered", "verified", "Verified: its consumer was seen to have it", deliveredOn);
  const since = { since: storedOn };
  if (readersWait(current, now)) {
    const message = `Workloads that read the vault by themselves have until ${current.readUntil.toISOString()}; nobody needs to act`;
    return { ...lacks("Delivered", ["healthy", "readers-pending"], message), ...since };
  }
  if (now.getTime() <= storedOn.getTime() + lateAfter) {
    return { ...lacks("Delivered", ["healthy", "delivery-pending"], "It is on its way"), ...since };
  }
  const message = hasOlder
    ? "It should have been delivered by now; until then the previous one still signs in. POST /api/rotate says what stands in the way"
    : "It should have been delivered by now, and nothing older signs in. POST /api/rotate says what stands in the way";
  return { ...lacks("Delivered", [hasOlder ? "attention" : "failing", "delivery-late"], message), ...since };
}
