import { randomBytes, randomUUID } from "node:crypto";
import { timeText } from "./time-text.ts";

/** A client secret. Graph shows all of it but the value, which is in the answer to `addPassword` only. */
export interface Secret {
  keyId: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  /** The first three characters of the value. */
  hint: string;
  value: string;
  /** When it was added, in milliseconds since 1970: from then on it spreads to the token endpoint. */
  addedAt: number;
}

export interface SecretWish {
  displayName: string | null;
  /** Default: now. */
  startOn?: Date | undefined;
  /** Default: two years after the start (Microsoft Learn: "application: addPassword"). */
  endOn?: Date | undefined;
}

const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-";

export function newSecret({ displayName, startOn, endOn }: SecretWish, now: Date): Secret {
  const start = startOn ?? now;
  const value = randomValue();
  return {
    keyId: randomUUID(),
    displayName,
    startDateTime: timeText(start),
    endDateTime: timeText(endOn ?? twoYearsAfter(start)),
    hint: value.slice(0, 3),
    value,
    addedAt: now.getTime(),
  };
}

/** 40 characters in the form of real ones: `~` fifth, and `~`, `.`, `_`, `-` anywhere after it. */
function randomValue(): string {
  const random = [...randomBytes(38)].map((byte) => CHARACTERS.charAt(byte % CHARACTERS.length));
  const plain = random.slice(0, 3).map((character) => (/\w/.test(character) ? character : "x"));
  return `${plain.join("")}8Q~${random.slice(3, 37).join("")}`;
}

function twoYearsAfter(start: Date): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return end;
}
