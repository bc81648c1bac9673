import type { Case } from "../case.ts";
import { CHANGES } from "./changes.ts";
import { CONSENT } from "./consent.ts";
import { EVENTS } from "./events.ts";
import { PASSWORDS } from "./passwords.ts";
import { REFERENCES } from "./references.ts";
import { REGISTRATIONS } from "./registrations.ts";
import { SIGN_IN } from "./sign-in.ts";
import { SIGN_IN_REFUSED } from "./sign-in-refused.ts";
import { VAULT } from "./vault.ts";

export const CASES: readonly Case[] = [
  ...REGISTRATIONS,
  ...CHANGES,
  ...PASSWORDS,
  ...SIGN_IN_REFUSED,
  ...SIGN_IN,
  ...VAULT,
  ...REFERENCES,
  ...EVENTS,
  ...CONSENT,
];

/** What no case can try, because it takes a deployment or somebody else's rights: an issue tells more. */
export const NOT_TRIED: readonly string[] = [
  "Event Grid to functions: that a subscription can be made right after the code was deployed by a template",
  "Event Grid's alert (MonitorAlert) on an expired secret",
  "how a message of Event Grid is encoded in a storage queue",
  "that a system topic reaches a storage account without public access, as a trusted service (topologies restricted and private)",
  "that an app in a new network reaches the internet without a NAT gateway",
  "that built-in authentication is enforced on Flex Consumption in your region (npm run doctor shows that strangers are refused)",
  "that built-in authentication hands on the id token of who is signed in (signInPeople), and when it renews it",
  "Node 24 on Flex Consumption in your region (az functionapp list-flexconsumption-runtimes)",
  "a role assignment on a vault with a condition on names of secrets",
  "that a running managed identity learns of a new permission within a day, without a restart",
  "an Entra role of your own that may only update credentials of one application",
];
