import { randomUUID } from "node:crypto";
import type { JWTPayload } from "jose";
import type { Clock } from "../../clock.ts";
import type { Application } from "./application.ts";
import { type ByHand, createByHand } from "./by-hand.ts";
import type { AppRoleAssignment, PermissionGrant } from "./consent.ts";
import { microsoftGraph } from "./microsoft-graph.ts";
import { defaultPolicies, type Policies } from "./policies.ts";
import type { Delay } from "./records.ts";
import { createResources, type Resources } from "./resources.ts";
import { defaultRules, type Rules } from "./rules.ts";
import type { ServicePrincipal } from "./service-principal.ts";
import { createSetUp, type SetUp } from "./set-up.ts";
import { type SigningKeys, signingKeys } from "./signing-keys.ts";
import { restorable } from "./soft-delete.ts";
import { type DeletedApplication, emptyState, type State } from "./state.ts";

/**
 * How long, in milliseconds, what was written takes to be everywhere. Nobody documents these times; seconds to minutes
 * have been reported.
 */
export interface Replication {
  /** How long Graph does not know a new application or service principal, role or scope, when something refers to it. */
  objects: number;
  /** How long the token endpoint does not know a new secret. */
  secrets: number;
  /** How old the state is that Graph's answers to GET show. */
  reads: number;
}

/** A tenant: what Entra signs in and Graph administers. Both stand-ins are made of one. */
export interface Directory extends SetUp, ByHand {
  readonly tenantId: string;
  /** The tenant under a name: accepted in place of the tenant id, and in identifier URIs. */
  readonly verifiedDomain: string;
  /** May be changed at any time. */
  replication: Replication;
  readonly policies: Policies;
  /** May be changed at any time. */
  readonly rules: Rules;
  /** See `Resources.register`. */
  registerResource: Resources["register"];
  /** Copies, for looking at: the secrets with their values among them. */
  applications(): Application[];
  deletedApplications(): DeletedApplication[];
  servicePrincipals(): ServicePrincipal[];
  grants(): PermissionGrant[];
  assignments(): AppRoleAssignment[];

  /** For the stand-ins: the objects themselves. */
  readonly state: State;
  readonly findResource: Resources["find"];
  readonly keys: SigningKeys;
  /** For the stand-ins: whether a token with these claims was revoked after it was issued. */
  isRevoked(claims: JWTPayload): boolean;
  /** For the stand-ins: how far behind somebody is who reads, or who writes something that refers to another object. */
  delayOfReads(): Delay;
  delayOfReferences(): Delay;
}

/** A new tenant with nothing in it but Microsoft Graph's service principal. */
export function createDirectory(given: { clock: Clock; tenantId?: string }): Directory {
  const state = emptyState(given.clock, given.tenantId ?? randomUUID());
  const graph = microsoftGraph();
  state.servicePrincipals.settle(graph.id, graph);
  const resources = createResources(state);
  const directory: Directory = {
    ...createSetUp(state),
    ...createByHand(state),
    tenantId: state.tenantId,
    verifiedDomain: "example.onmicrosoft.com",
    replication: { objects: 0, secrets: 0, reads: 0 },
    policies: defaultPolicies(),
    rules: defaultRules(),
    registerResource: resources.register,
    applications: () => structuredClone(state.applications.list()),
    deletedApplications: () => structuredClone(restorable(state)),
    servicePrincipals: () => structuredClone(state.servicePrincipals.list()),
    grants: () => structuredClone(state.grants.list()),
    assignments: () => structuredClone(state.assignments.list()),
    state,
    findResource: resources.find,
    keys: signingKeys,
    isRevoked: ({ oid, iat = 0 }) => iat < (state.revokedBefore.get(String(oid)) ?? 0),
    delayOfReads: () => ({ minAge: directory.replication.objects, lag: directory.replication.reads }),
    delayOfReferences: () => ({ minAge: directory.replication.objects, lag: 0 }),
  };
  return directory;
}
