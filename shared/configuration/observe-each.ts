import { ProblemError } from "../errors.ts";
import type { LeftOut } from "./left-out.ts";

/**
 * Looks at each; one that cannot be read does not take away the others.
 * @throws what was thrown for the first, where nothing is left.
 */
export async function observeEach<D, F>(
  deployments: readonly D[],
  observe: (deployment: D) => Promise<F>,
): Promise<{ facts: F[]; leftOut: LeftOut[] }> {
  const seen = await Promise.allSettled(deployments.map(observe));
  const facts = seen.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failures = seen.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  const strange = failures.find((failure) => !(failure instanceof ProblemError));
  if (strange !== undefined) throw strange;
  if (facts.length === 0) throw failures[0];
  return { facts, leftOut: failures.filter((failure) => failure instanceof ProblemError) };
}
