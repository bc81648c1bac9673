import type { Exchange, Service, Wire } from "../../local/cloud/exchange.ts";
import { isOfApp, isWrite, pathOf } from "./requests.ts";

/** What the app has sent since the record was last begun anew. */
export interface AppRecord {
  exchanges: Exchange[];
  forget(): void;
  /** As "METHOD path", without queries. */
  requests(service: Service): string[];
  writes(service: Service): string[];
}

/** Records what the app sends, or a part of that. */
export function recordOf(wire: Wire, counts: (exchange: Exchange) => boolean = () => true): AppRecord {
  const exchanges: Exchange[] = [];
  wire.onExchange.push((exchange) => {
    if (isOfApp(exchange) && counts(exchange)) exchanges.push(exchange);
  });
  const lines = (those: (exchange: Exchange) => boolean): string[] =>
    exchanges.filter(those).map((exchange) => `${exchange.method} ${pathOf(exchange)}`);
  return {
    exchanges,
    forget: () => void exchanges.splice(0),
    requests: (service) => lines((one) => one.service === service),
    writes: (service) => lines((one) => one.service === service && isWrite(one)),
  };
}
