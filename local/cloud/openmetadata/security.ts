import { isDeepStrictEqual } from "node:util";
import { deployedConfiguration } from "./deployed-configuration.ts";
import { configSource, requireKnown } from "./environment.ts";
import type { OpenMetadataOptions } from "./options.ts";
import { featuresOf } from "./releases.ts";
import { assemble, leaves, PROVIDER_NAME, SECRET, type SecurityConfiguration } from "./security-configuration.ts";

/** How people and tokens come in, as the server has it now, and where that comes from. */
export interface Security {
  /** What counts at this moment. `origin` is the server's own address, for the values that name it. */
  current(origin?: string): SecurityConfiguration;
  /** What the environment will say at the next start, beside or instead of what it says now. */
  setEnvironment(values: Record<string, string>): void;
  /** Starts with the environment as it is then; the first request starts a server that nobody has started. */
  start(): void;
  /** The settings that the deployment alone may change, by JSON pointer. */
  ownedByDeployment(): Set<string>;
  /** Stores what a caller changed; it counts at once. */
  store(changed: SecurityConfiguration, origin: string): void;
  /** What the server works with is not what is stored any more: the secret is this, until the next start or change. */
  spoil(secret: string): void;
  /** Forgets all that is stored, as `remove-security-config --force` does: it counts at the next start. */
  removeStored(): void;
}

type Settings = Map<string, unknown>;

/**
 * The rules of precedence by release (`Features.security`). Of what the deployment says only the client secret and the
 * provider's name are stored at the first start, where the real server stores everything: the rest is always what the
 * options say, until a caller changes it. `AUTO` lets a setting of the environment win that changed since the last start, unless a caller
 * changed the same one since; `ENV` lets all of them win; `DB`, and the releases before, none.
 */
export function createSecurity(options: OpenMetadataOptions): Security {
  const environment: Record<string, string> = {};
  let started: Record<string, string> | undefined;
  let stored: Settings = new Map();
  let removed = false;
  let spoilt: string | undefined;
  let seen: Settings = new Map();
  const changedSince = new Set<string>();

  const deployed = (origin?: string): SecurityConfiguration => deployedConfiguration(options, started ?? {}, origin);
  const source = () => {
    const { security } = featuresOf(options.release);
    return security === "config source" ? configSource(started ?? {}) : security;
  };
  const security: Security = {
    current(origin) {
      if (!started) security.start();
      const from = deployed(origin);
      if (stored.size === 0 && spoilt === undefined) return from;
      const settings = new Map([...leaves(from), ...stored].filter(hasValue));
      return assemble(spoilt === undefined ? settings : settings.set(SECRET, spoilt));
    },
    setEnvironment(values) {
      requireKnown(values);
      Object.assign(environment, values);
    },
    start() {
      started = { ...environment };
      if (removed) stored = new Map();
      removed = false;
      spoilt = undefined;
      const now = leaves(deployed());
      const wins = winner(source(), { now, seen, changedSince });
      for (const pointer of [...stored.keys()]) if (wins(pointer)) stored.delete(pointer);
      if (source() !== "environment") {
        if (!stored.has(SECRET) && now.get(SECRET)) stored.set(SECRET, now.get(SECRET));
        if (!stored.has(PROVIDER_NAME)) stored.set(PROVIDER_NAME, now.get(PROVIDER_NAME));
      }
      seen = now;
      changedSince.clear();
    },
    ownedByDeployment: () => (source() === "ENV" ? new Set(leaves(deployed()).keys()) : new Set()),
    store(changed, origin) {
      const before = leaves(security.current(origin));
      const after = leaves(changed);
      for (const pointer of changedPointers(before, after)) {
        stored.set(pointer, after.get(pointer));
        changedSince.add(pointer);
      }
      spoilt = undefined;
    },
    spoil(secret) {
      spoilt = secret;
    },
    removeStored() {
      removed = true;
    },
  };
  security.setEnvironment(options.environment ?? {});
  return security;
}

/** The pointers of settings that differ between two configurations. */
export function changedPointers(before: Settings, after: Settings): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((pointer) => !isDeepStrictEqual(before.get(pointer), after.get(pointer)));
}

/** Whether the deployment's value takes the place of the one stored, by pointer, when the server starts. */
function winner(
  source: "environment" | "database" | "AUTO" | "ENV" | "DB",
  known: { now: Settings; seen: Settings; changedSince: Set<string> },
): (pointer: string) => boolean {
  const { now, seen, changedSince } = known;
  switch (source) {
    case "environment":
      return () => true;
    case "ENV":
      return (pointer) => now.has(pointer);
    case "AUTO":
      return (pointer) =>
        now.has(pointer) && !changedSince.has(pointer) && !isDeepStrictEqual(now.get(pointer), seen.get(pointer));
    case "database":
    case "DB":
      return () => false;
    default:
      return source satisfies never;
  }
}

function hasValue([, value]: [string, unknown]): boolean {
  return value !== undefined;
}
