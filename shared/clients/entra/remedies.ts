import type { CodeOf } from "../../problems/problems.ts";

interface Remedy {
  code: CodeOf<409>;
  hint: string;
}

const PROVISION: Remedy = {
  code: "registration-missing",
  hint: "Call POST /api/provision: the application, or its service principal, does not exist in this tenant",
};

/** What an operator does about a refusal of Entra's that waiting does not cure, by its AADSTS number. */
export const REMEDIES: Record<number, Remedy> = {
  700016: PROVISION,
  7000229: PROVISION,
  500011: { ...PROVISION, hint: "Call POST /api/provision: the server registration has no service principal" },
  7000112: {
    code: "sign-in-blocked",
    hint: 'Enable the application in Entra: Enterprise applications > Properties > "Enabled for users to sign-in"',
  },
  501051: {
    code: "sign-in-blocked",
    hint: 'Call POST /api/consent: "Assignment required" is set on the server registration, so whoever signs in there needs its app role Ingestion.Run',
  },
  53003: {
    code: "sign-in-blocked",
    hint: "Exclude the service principal from the Conditional Access policy for workload identities that blocks it",
  },
};
