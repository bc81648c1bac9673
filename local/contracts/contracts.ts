import { statSync } from "node:fs";
import type { Exchange, Service } from "../cloud/exchange.ts";
import { appServiceCheck } from "./app-service.ts";
import { entraCheck } from "./entra.ts";
import { eventGridCheck } from "./event-grid.ts";
import type { Check } from "./finding.ts";
import { sentence } from "./finding.ts";
import { openFolder } from "./folder.ts";
import { graphCheck } from "./graph.ts";
import { vaultCheck } from "./key-vault.ts";
import { openMetadataCheck } from "./openmetadata.ts";

/** The published schemas of the services that the local cloud stands in for. */
export interface Contracts {
  /**
   * What is wrong with this exchange, one sentence each, naming service, method, path, request or answer, and the
   * schema; empty when nothing is. Never quotes a value of the exchange (it may be a secret): only property paths and
   * the kind of violation. `release` is that of the OpenMetadata server that was called.
   */
  check(exchange: Exchange, release?: string): string[];
}

/** On the answer of a fault that the local cloud injects: it is wrong on purpose, so only its request is checked. */
const INJECTED = "x-injected-fault";

/** Reads the published schemas below `directory` once and compiles what is asked for lazily. */
export function loadContracts(directory: string): Contracts {
  const folder = openFolder(directory);
  const checks: Record<Service, Check> = {
    graph: graphCheck(folder.json("msgraph/msgraph-validate.openapi31.json")),
    "key-vault": vaultCheck(
      folder.json("keyvault/secrets-2025-07-01.swagger.json"),
      folder.json("keyvault/secrets-2025-07-01.schema.json"),
    ),
    entra: entraCheck(folder.json("entra/token.schema.json")),
    "event-grid": eventGridCheck(folder.json("eventgrid/keyvault-events.schema.json")),
    openmetadata: openMetadataCheck(folder),
    // Nothing published is at hand; test/local/storage-queue.test.ts holds the stand-in against Azurite.
    "storage-queue": () => ({ route: "", findings: [] }),
    // The same, test/local/storage-blob.test.ts.
    "storage-blob": () => ({ route: "", findings: [] }),
    receivers: () => ({ route: "", findings: [] }),
    arm: appServiceCheck(folder.json("web/webapps-2025-05-01.schema.json")),
  };
  return {
    check(exchange, release) {
      const { route, findings } = checks[exchange.service](exchange, release);
      const injected = exchange.answerHeaders.get(INJECTED) === "1";
      const counted = findings.filter(({ side }) => !injected || side === "request");
      return [...new Set(counted.map((finding) => sentence(exchange, route, finding)))];
    },
  };
}

/** The contracts in the folder that CONTRACTS_DIR names: `undefined` when it is not set; throws when it is set but wrong. */
export function contractsFromEnvironment(env: NodeJS.ProcessEnv): Contracts | undefined {
  const directory = env.CONTRACTS_DIR;
  if (!directory) return undefined;
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`Cannot read the published contracts: CONTRACTS_DIR names no directory: "${directory}"`);
  }
  return loadContracts(directory);
}
