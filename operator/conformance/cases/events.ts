import { type Case, expect, record } from "../case.ts";

const DATA = ["Id", "VaultName", "ObjectType", "ObjectName", "Version"];
const TYPE = /^Microsoft\.KeyVault\.Secret(NewVersionCreated|NearExpiry|Expired)$/;

/** In the schema of CloudEvents, or in Event Grid's own. */
function kindOf(event: Record<string, unknown>): "cloud" | "grid" {
  return event.specversion === undefined ? "grid" : "cloud";
}

/** Events of a vault as somebody has received and kept them. */
export const EVENTS: Case[] = (
  [
    {
      id: "event-envelope",
      claim: "an event has id, subject, type, time and source of its schema, and nothing of the other",
      async run({ events }) {
        for (const event of events.map(record)) {
          const names = {
            cloud: ["id", "source", "subject", "type", "time", "specversion"],
            grid: ["id", "topic", "subject", "eventType", "eventTime", "dataVersion", "metadataVersion"],
          };
          const missing = names[kindOf(event)].filter((name) => typeof event[name] !== "string");
          expect(missing.length === 0, `it has no ${missing.join(", ")}`);
          const known = [...names[kindOf(event)], "data", "datacontenttype", "dataschema"];
          const more = Object.keys(event).filter((name) => !known.includes(name));
          expect(more.length === 0, `it has ${more.join(", ")} too`);
        }
        return `${events.length} events`;
      },
    },
    {
      id: "event-type",
      claim: "the type is Microsoft.KeyVault. and the name of the event",
      async run({ events }) {
        const types = events.map((event) => String(record(event).type ?? record(event).eventType));
        const wrong = types.find((type) => !TYPE.test(type));
        expect(wrong === undefined, `one is of type ${wrong}`);
        return [...new Set(types)].join(" ");
      },
    },
    {
      id: "event-data",
      claim:
        "the data names the secret by Id, VaultName, ObjectType, ObjectName and Version, dates as numbers; the subject is the name",
      async run({ events }) {
        for (const event of events.map(record)) {
          const data = record(event.data);
          const missing = DATA.filter((name) => typeof data[name] !== "string");
          expect(missing.length === 0, `the data has no ${missing.join(", ")}`);
          expect(event.subject === data.ObjectName, "the subject is not the name of the secret");
          expect(data.ObjectType === "Secret", "the ObjectType is not Secret");
          expect(/^[0-9a-f]{32}$/.test(String(data.Version)), "the version is not 32 hexadecimal digits");
          const dates = ["NBF", "EXP"].filter(
            (name) => !["number", "undefined"].includes(typeof (data[name] ?? undefined)),
          );
          expect(dates.length === 0, `${dates.join(", ")} is no number`);
        }
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["event"] }));
