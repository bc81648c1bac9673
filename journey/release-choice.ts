/** The OpenMetadata to play with, as it is chosen on the command line. */
export interface ReleaseChoice {
  openMetadata: keyof typeof RELEASES;
  flow: "implicit" | "auth-code";
}

/** The releases that a newcomer is offered, by the name on the command line. */
export const RELEASES = { "1.2": "1.2.5", "1.12": "1.12.6" } as const;

/** The options that choose. */
export const CHOICE_OPTIONS = { openmetadata: { type: "string" }, flow: { type: "string" } } as const;

/** Said where a choice makes no sense. */
export const NO_SUCH_CHOICE =
  "--openmetadata takes 1.2 or 1.12, --flow takes implicit or auth-code; OpenMetadata 1.2 has the implicit flow only";

/** What was asked for; without a release `otherwise`. Undefined where it makes no sense. */
export function readChoice(
  { openmetadata, flow }: { openmetadata?: string | undefined; flow?: string | undefined },
  otherwise: ReleaseChoice[],
): ReleaseChoice[] | undefined {
  if (flow !== undefined && flow !== "implicit" && flow !== "auth-code") return undefined;
  if (openmetadata === "1.12") return [{ openMetadata: "1.12", flow: flow ?? "auth-code" }];
  if (openmetadata === "1.2") return flow === "auth-code" ? undefined : [{ openMetadata: "1.2", flow: "implicit" }];
  if (openmetadata !== undefined) return undefined;
  return flow === undefined ? otherwise : [{ openMetadata: "1.12", flow }];
}
