import type { Asked } from "../../rotation/stored.ts";

/** Who stored a version. */
export const MANAGED_BY = "openmetadata-entra";

/** What is noted of a version, each in a tag of its own while there is room. */
const FACTS = [
  "managedBy",
  "keyId",
  "nonce",
  "userId",
  "issuedOn",
  "provenOn",
  "promotedOn",
  "deliveredOn",
  "confirmedOn",
  "checkedOn",
  "refusedOn",
  "asked",
  "pushOn",
  "pushFailed",
  "readUntil",
] as const;
type Fact = (typeof FACTS)[number];
type Facts = Partial<Record<Fact, string>>;

/** So many tags a version may have, each so long (Microsoft Learn: "About Azure Key Vault secrets"). */
const MOST_TAGS = 15;
const LONGEST = 256;

/** One tag for all facts, where other people's leave no room for more. */
const ALL = "openmetadata-entra";

/** What the tags of a version say, in whichever of the two forms. */
export function factsIn(tags: Readonly<Record<string, string>>): Facts {
  const folded = tags[ALL];
  return folded === undefined ? pick(tags) : unfolded(folded);
}

/**
 * All tags of a version with these facts; what is undefined is taken away. Other people's stay, as far as there is room:
 * whatever fills the tags of our own secrets must not keep us from noting what became of them.
 */
export function withFacts(
  tags: Readonly<Record<string, string>>,
  facts: { [fact in Fact]?: string | Date | Asked | undefined },
): Record<string, string> {
  const others = Object.entries(tags).filter(([name]) => name !== ALL && !isFact(name));
  const ours = Object.entries({ ...factsIn(tags), ...facts }).flatMap(([name, fact]) =>
    fact === undefined ? [] : [[name, textOf(fact)] as const],
  );
  if (others.length + ours.length <= MOST_TAGS) return Object.fromEntries([...others, ...ours]);
  return Object.fromEntries([...others.slice(0, MOST_TAGS - 1), [ALL, folded(Object.fromEntries(ours))]]);
}

/** As a query, each fact by its place, times by their milliseconds: all of them fit. */
function folded(facts: Facts): string {
  const short = new URLSearchParams();
  for (const [place, name] of FACTS.entries()) {
    const fact = facts[name];
    if (fact !== undefined && name !== "managedBy")
      short.set(String(place), isTime(fact) ? `@${Date.parse(fact)}` : fact);
  }
  if (short.toString().length > LONGEST) short.delete(String(FACTS.indexOf("asked")));
  return short.toString();
}

function unfolded(text: string): Facts {
  const facts: Facts = { managedBy: MANAGED_BY };
  for (const [place, value] of new URLSearchParams(text)) {
    const name = FACTS[Number(place)];
    if (name) facts[name] = /^@\d+$/.test(value) ? new Date(Number(value.slice(1))).toISOString() : value;
  }
  return facts;
}

function pick(tags: Readonly<Record<string, string>>): Facts {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => isFact(name)));
}

function isFact(name: string): name is Fact {
  return (FACTS as readonly string[]).includes(name);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);
}

function textOf(fact: string | Date | Asked): string {
  if (typeof fact === "string") return fact;
  return "before" in fact ? `${fact.before.toISOString()} ${fact.because}` : fact.toISOString();
}
