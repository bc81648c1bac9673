/**
 * What the rotation promises, by name. Simulation, model, faults, crash points and mutants use these names, and
 * docs/proof.md lists the sentences in this order; a test holds the document against them.
 */
export const PROMISES = {
  availability:
    "Whatever a consumer holds signs in, at every moment, unless a person removed it or asked for its revocation.",
  "proof before use": "Only a secret that has signed in five times in a row becomes current or reaches a consumer.",
  "recoverable or inert":
    "Every managed credential can be read from the vault, or nobody holds its value; those that nobody can read are bounded in number and removed after a grace.",
  "no early retirement":
    "An old secret goes only after its successor was delivered, a later run confirmed that, and the overlap has passed. After a leak is reported it goes as soon as its successor is delivered.",
  "foreign safety": "A credential without our mark is never touched.",
  "overlap and order":
    "Runs and events may overlap, come twice, late or in any order: each overlap or crash costs at most one inert credential, and the next look restores what a stale run has undone.",
  "no needless work":
    "Nothing is issued, promoted or pushed without a reason, and nothing twice for the same one. A preview changes nothing.",
  convergence: "When faults end, two runs bring what is due, and nothing superfluous stays.",
  secrecy: "No secret and no token is in any log, answer, error or tag.",
  "bounded writes": "Where nothing is due, nothing is written.",
  "verified delivery": "What is noted as delivered has been in the hands of every consumer.",
  "honest answers": "A call answers that it is done only when what it asked for is so.",
  independence: "A deployment's troubles never delay another's credential.",
  "no unexpected failure":
    "Whatever fails is reported as one of the app's own errors, which say what could not be done.",
} as const;

export type PromiseName = keyof typeof PROMISES;

/** A sentence about what broke a promise, which says which one. */
export function broken(promise: PromiseName, what: string): string {
  return `${promise}: ${what}`;
}
