import type { Case } from "../case.ts";
import { ASSIGN } from "./assign.ts";
import { BUILT_IN_AUTHENTICATION, SIGNED_IN } from "./built-in-authentication.ts";
import { CHANGES } from "./changes.ts";
import { CONSENT } from "./consent.ts";
import { DIRECTORY_ROLE } from "./directory-role.ts";
import { EVENTS } from "./events.ts";
import { FLEX, FLEX_SETTINGS } from "./flex.ts";
import { PASSWORDS } from "./passwords.ts";
import { REFERENCES } from "./references.ts";
import { REGISTRATIONS } from "./registrations.ts";
import { SIGN_IN } from "./sign-in.ts";
import { SIGN_IN_REFUSED } from "./sign-in-refused.ts";
import { SUBSCRIBE } from "./subscribe.ts";
import { TEMPLATE } from "./template.ts";
import { TOPIC } from "./topic.ts";
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
  ...FLEX,
  ...FLEX_SETTINGS,
  ...BUILT_IN_AUTHENTICATION,
  ...SIGNED_IN,
  ...TEMPLATE,
  ...TOPIC,
  ...SUBSCRIBE,
  ...ASSIGN,
  ...DIRECTORY_ROLE,
];
