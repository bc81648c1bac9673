import { isLoopback } from "./addresses.ts";

/** In which shape a receiver wants its notifications. */
export type Format = (typeof FORMATS)[number];

const FORMATS = ["teams", "slack", "cloudevents"] as const;

/** Where notifications go. Whoever knows the address can write there: it is a secret, and is never told. */
export interface Receiver {
  format: Format;
  url: string;
  /** Which one it is in the setting, from 0 on: that of another which is wrong is not given to it. */
  place: number;
}

/** The receivers that can be served, and what is wrong with the others: one sentence each, never a value. */
export interface Receivers {
  receivers: Receiver[];
  faults: string[];
}

/** Everything for one channel; more addresses are none that somebody has written. */
const MOST = 10;
const UNRESOLVED = /^@Microsoft\.KeyVault\(/i;

/**
 * Reads `NOTIFY_URL`: addresses, separated by commas, each with its format before it (`teams+https://…`) or told by its
 * host. What is wrong is left out: nobody loses a credential over a notification.
 */
export function readReceivers(text: string | undefined): Receivers {
  const given = text?.trim() ?? "";
  if (given === "") return { receivers: [], faults: [] };
  if (UNRESOLVED.test(given)) {
    const fault =
      "NOTIFY_URL is a Key Vault reference that could not be resolved: see the app's environment variables in the portal";
    return { receivers: [], faults: [fault] };
  }
  // An address may have commas of its own; a file may have one on each line.
  const entries = given.split(/[\s,]+(?=(?:[a-z]+\+)?https?:\/\/)/i);
  const read = entries.slice(0, MOST).map((entry, place) => {
    const found = readReceiver(entry.replace(/[\s,]+$/, ""), `NOTIFY_URL, address ${place + 1}`);
    return typeof found === "string" ? found : { ...found, place };
  });
  const tooMany = entries.length > MOST ? [`NOTIFY_URL has ${entries.length} addresses: only ${MOST} are served`] : [];
  return {
    receivers: read.flatMap((one) => (typeof one === "string" ? [] : [one])),
    faults: [...read.filter((one) => typeof one === "string"), ...tooMany],
  };
}

function readReceiver(entry: string, place: string): Omit<Receiver, "place"> | string {
  const [, prefix, address = ""] = /^(?:([a-z]+)\+)?(https?:\/\/.+)$/is.exec(entry) ?? [];
  const url = URL.parse(address);
  if (!url) return `${place}, must be an https:// URL, with teams+, slack+ or cloudevents+ before it if need be`;
  const format = prefix === undefined ? formatOf(url.hostname) : FORMATS.find((one) => one === prefix.toLowerCase());
  if (/\s/.test(address)) return `${place}, must have no blank in it: separate addresses by commas`;
  if (!format) return `${place}, must begin with teams+, slack+, cloudevents+ or https://`;
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) return `${place}, must be an https:// URL`;
  if (url.username !== "" || url.password !== "") return `${place}, must have no user name and no password`;
  if (isOfThePlatform(url.hostname)) return `${place}, must not be an address of the platform itself`;
  return { format, url: url.href };
}

/** Incoming webhooks of Slack; workflows of Teams, at their addresses since 2025 and before. */
function formatOf(hostname: string): Format {
  if (/^hooks\.slack(?:-gov)?\.com$/.test(hostname)) return "slack";
  return /\.(?:logic\.azure\.(?:com|us|cn)|api\.powerplatform\.(?:com|us|cn)|webhook\.office\.com)$/.test(hostname)
    ? "teams"
    : "cloudevents";
}

/** Where a machine in Azure learns its own secrets: link-local addresses, and that of the host (168.63.129.16). */
function isOfThePlatform(hostname: string): boolean {
  return /^(?:169\.254\.\d+\.\d+|168\.63\.129\.16|\[fe[89ab][0-9a-f]:.*\]|\[::ffff:(?:a9fe:.*|a83f:8110)\])$/i.test(
    hostname,
  );
}
