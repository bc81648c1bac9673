import type { Context } from "hono";
import { refusal } from "../app-service/refusal.ts";

/** What the metrics of a resource show for any time: altogether, and by the event subscription that they are about. */
export interface Totals {
  all: Record<string, number>;
  by: Map<string, Record<string, number>>;
}

/** The only filter here: every value of the dimension, each in a series of its own. */
const BY_SUBSCRIPTION = "EventSubscriptionName eq '*'";

/** Microsoft Learn: "Metrics - List"; totals only. A name in a dimension is in upper case, as in Event Grid's headers. */
export function metricsAnswer(c: Context, totals: Totals | undefined): object {
  const names = (c.req.query("metricnames") ?? "").split(",").filter(Boolean);
  const [from = "", to = ""] = (c.req.query("timespan") ?? "").split("/");
  const filter = c.req.query("$filter");
  if (names.length === 0 || Number.isNaN(Date.parse(from) + Date.parse(to)) || c.req.query("aggregation") !== "Total") {
    throw refusal(400, { code: "BadRequest", message: "metricnames, timespan and aggregation=Total are needed." });
  }
  if (filter !== undefined && filter !== BY_SUBSCRIPTION)
    throw refusal(501, { code: "NotModelled", message: `The filter '${filter}' is not modelled` });
  const { all = {}, by = new Map<string, Record<string, number>>() } = totals ?? {};
  const series = (name: string) => {
    const some =
      filter === undefined ? [{ of: undefined, counts: all }] : [...by].map(([of, counts]) => ({ of, counts }));
    return some
      .filter(({ counts }) => name in counts)
      .map(({ of, counts }) => ({
        metadatavalues: of === undefined ? [] : [{ name: { value: "eventsubscriptionname" }, value: of.toUpperCase() }],
        data: [{ timeStamp: from, total: counts[name] }],
      }));
  };
  return {
    timespan: `${from}/${to}`,
    value: names.map((name) => ({ name: { value: name, localizedValue: name }, timeseries: series(name) })),
  };
}
