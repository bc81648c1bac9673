import type { AcceptedFindings } from "../deployment/finding-kinds.ts";
import type { Finding } from "../hygiene/finding.ts";

/** A finding, with why it is left so where somebody said. */
export type Judged = Finding & { accepted?: string | undefined };

/** Marks what the settings accept. What is critical is never left so: it counts whatever anybody said. Pure. */
export function accept(findings: readonly Finding[], accepted: AcceptedFindings): Judged[] {
  return findings.map((finding) => {
    const reason = accepted[finding.kind];
    return reason === undefined || finding.severity === "critical" ? finding : { ...finding, accepted: reason };
  });
}
