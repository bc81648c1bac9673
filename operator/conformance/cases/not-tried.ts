/** What no program can settle in one run, and why not. */
export const NOT_TRIED: readonly { what: string; because: string; instead: string }[] = [
  {
    what: "that a running managed identity learns of a new permission within a day, without a restart",
    because: "it takes a day, and somebody who takes a permission away from a running app",
    instead: "grant one by npm run permit, and note when GET /api/status shows it",
  },
  {
    what: "the AADSTS codes of people (50105, 65001), of Conditional Access (53003), of busy times (90055, 90033), and of foreign tokens (700213)",
    because: "they take a person, a licence, an outage, or another issuer",
    instead: "tell which error and status came with a code that you have met",
  },
  {
    what: "that the agentless tasks of Azure DevOps get no token for an API of one's own",
    because: "it happens inside Azure DevOps only",
    instead: "examples/ uses AzureCLI@2, which does",
  },
  {
    what: "that NODE_OPTIONS comes too late to switch source maps on in a worker",
    because: "it takes an app with code of its own for that",
    instead: "nothing: the app does not use it",
  },
];
