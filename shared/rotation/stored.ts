/** The latest version of a vault secret; the vault's reads do not lag. */
export interface Stored {
  version: string;
  enabled: boolean;
  createdOn: Date;
  expiresOn: Date | undefined;
  /** Merely announces a credential; holds no value. */
  intent: boolean;
  keyId: string | undefined;
  issuedOn: Date | undefined;
  provenOn: Date | undefined;
  /** Of a staged one: a run was about to make it current. */
  promotedOn: Date | undefined;
  deliveredOn: Date | undefined;
  confirmedOn: Date | undefined;
  /** Its delivery is under way, and left until then to the message that goes on with it. */
  pushOn?: Date | undefined;
  /** That waits because pipelines could not be deployed: a call may know that they can now. */
  pushFailed?: boolean | undefined;
  /**
   * Whoever reads the vault by itself is given time until then: its delivery is assumed, not verified. undefined where
   * its consumer was seen to have it.
   */
  readUntil?: Date | undefined;
  /** Somebody signed in with it, and it was what it says. */
  checkedOn: Date | undefined;
  /** It was not, or Entra let nobody in with it: it is to be replaced, and nothing rests on it. */
  refusedOn: Date | undefined;
  /** It was issued because somebody asked. */
  asked: Asked | undefined;
}

/** What is noted of a version that has just been stored: nothing yet. */
export const NOTHING_NOTED = {
  provenOn: undefined,
  promotedOn: undefined,
  deliveredOn: undefined,
  confirmedOn: undefined,
  checkedOn: undefined,
  refusedOn: undefined,
  asked: undefined,
} as const;

/** How a delivery is known: its consumer was seen to have it, or is taken to have read it in the vault by now. */
export type Delivery = "verified" | "assumed";

/** undefined where nothing is delivered yet. */
export function deliveryOf({
  deliveredOn,
  readUntil,
}: Pick<Stored, "deliveredOn" | "readUntil">): Delivery | undefined {
  if (!deliveredOn) return undefined;
  return readUntil ? "assumed" : "verified";
}

/** A request to replace a credential, as it is noted on the successor: what was issued before goes. */
export interface Asked {
  before: Date;
  /** The beginning of the reason that was given. */
  because: string;
}
