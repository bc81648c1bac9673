import type { Cloud } from "../local/cloud/cloud.ts";
import type { Fault } from "../local/cloud/exchange.ts";

/** What a person at the development page can do to the world around the app. */
export interface Action {
  name: string;
  group: "Set up" | "Move the clock" | "Break something";
  label: string;
  /** Whether it is in force now, where it stays so until it is undone. */
  isOn?: () => boolean;
  run(): Promise<void>;
}

export interface World {
  cloud: Cloud;
  /** Moves the clock as a line like `+7d` says. */
  move(line: string): Promise<void>;
  /** Calls the app until it has converged. */
  call(path: string): Promise<void>;
}

/** All of them, in the order of the page. */
export function actionsOn({ cloud, move, call }: World): Action[] {
  return [
    {
      name: "set-up",
      group: "Set up",
      label: "Provision, consent, rotate",
      async run() {
        for (const path of ["provision", "consent", "rotate"]) await call(path);
        await move("+1m");
      },
    },
    ...["+1h", "+1d", "+7d", "+30d"].map(
      (line): Action => ({ name: `move${line}`, group: "Move the clock", label: line, run: () => move(line) }),
    ),
    {
      name: "remove-in-entra",
      group: "Break something",
      label: "Remove the newest client secret in Entra",
      async run() {
        const newest = cloud.directory
          .applications()
          .flatMap(({ secrets }) => secrets)
          .at(-1);
        if (newest) cloud.directory.removePasswordByHand(newest.keyId);
        // Entra's list lags behind: the app waits an hour before it believes it.
        await move("+1m");
      },
    },
    {
      name: "disable-in-vault",
      group: "Break something",
      label: "Disable the current version in the vault",
      async run() {
        const names = new Set(cloud.vault.secrets().map(({ name }) => name));
        for (const name of names) if (!name.endsWith("-staged")) cloud.vault.disable(name);
      },
    },
    outage(cloud, "openmetadata", "OpenMetadata is down"),
    outage(cloud, "key-vault", "Key Vault is down"),
    outage(cloud, "graph", "Microsoft Graph is down"),
    vaultRights(cloud),
  ];
}

/** A service that refuses every connection of the app until it is switched on again. */
function outage({ wire }: Cloud, service: string, label: string): Action {
  const fault: Fault = (request) => (request.service === service ? { kind: "refuse" } : undefined);
  const isOn = () => wire.faults.includes(fault);
  return {
    name: `outage-${service}`,
    group: "Break something",
    label,
    isOn,
    async run() {
      wire.faults = isOn() ? wire.faults.filter((one) => one !== fault) : [...wire.faults, fault];
    },
  };
}

function vaultRights({ vault, app }: Cloud): Action {
  let isRevoked = false;
  return {
    name: "vault-rights",
    group: "Break something",
    label: "The app has no rights on the vault",
    isOn: () => isRevoked,
    async run() {
      if (isRevoked) vault.grant(app.objectId, ["get", "list", "set", "update"]);
      else vault.revoke(app.objectId);
      isRevoked = !isRevoked;
    },
  };
}
