import { contractsFromEnvironment } from "../contracts/contracts.ts";
import type { Exchange, Service, Wire } from "./exchange.ts";

/** What is known of the traffic of a cloud. */
export interface Recording {
  /** Number of requests to a service so far; token requests are not counted, nor the vault's challenge. */
  requests(service: Service): number;
  /** Published schemas were found in CONTRACTS_DIR, and every exchange is held against them. */
  checksContracts: boolean;
  /** What the exchanges violated, one sentence each. */
  violations(): string[];
}

/** Counts what goes over the wire, and holds it against the published contracts where these are at hand. */
export function recordExchanges(wire: Wire, release: () => string, env: NodeJS.ProcessEnv): Recording {
  const counts = new Map<Service, number>();
  const violations = new Set<string>();
  const contracts = contractsFromEnvironment(env);
  wire.onExchange.push((exchange) => {
    if (isCounted(exchange)) counts.set(exchange.service, (counts.get(exchange.service) ?? 0) + 1);
    for (const violation of contracts?.check(exchange, release()) ?? []) violations.add(violation);
  });
  return {
    requests: (service) => counts.get(service) ?? 0,
    checksContracts: contracts !== undefined,
    violations: () => [...violations],
  };
}

function isCounted({ service, status }: Exchange): boolean {
  return service !== "entra" && !(service === "key-vault" && status === 401);
}
