import { z } from "zod";
import { type Finding, ok, red } from "./finding.ts";

const target = z.object({
  endpointType: z.string(),
  properties: z
    .object({
      resourceId: z.string().nullish(),
      queueName: z.string().nullish(),
      actionGroups: z.array(z.string()).nullish(),
    })
    .nullish(),
});
/** A subscription on a system topic, as far as it matters here. */
export const subscription = z.object({
  name: z.string(),
  properties: z.object({
    provisioningState: z.string(),
    destination: target.nullish(),
    deliveryWithResourceIdentity: z.object({ destination: target }).nullish(),
    filter: z
      .object({ includedEventTypes: z.array(z.string()).nullish(), subjectBeginsWith: z.string().nullish() })
      .nullish(),
  }),
});
export type Subscription = z.output<typeof subscription>;

const EXPIRED = "Microsoft.KeyVault.SecretExpired";
/** What the app wants to hear of. */
const WANTED = ["Microsoft.KeyVault.SecretNewVersionCreated", "Microsoft.KeyVault.SecretNearExpiry", EXPIRED];
export const DEPLOY_EVENTS = "Deploy infra/ again (with azd: azd provision events)";
const DEPLOY_ALERT = "Deploy infra/ again (with azd: azd provision app)";

/** What is the app's own; undefined where that is not known. */
export interface Own {
  /** Resource id of the function app. */
  appId: string | undefined;
  /** Name of its storage account. */
  account: string | undefined;
  /** Names of its secrets in the vault. */
  secrets: readonly string[];
}

/** Pure. */
export function judgeSubscriptions(subscriptions: readonly Subscription[], { secrets, ...owned }: Own): Finding[] {
  const reaching = subscriptions.filter((one) => reaches(one, owned));
  return [
    ...WANTED.map((type) => {
      const some = reaching.filter((one) => carries(one, type));
      if (some.length === 0) return red("events", `no subscription sends ${type} to the app`, DEPLOY_EVENTS);
      return faultOf({ some, type, secrets, deploy: DEPLOY_EVENTS }) ?? ok("events", `${type} goes to ${listed(some)}`);
    }),
    judgeExpiryAlert(subscriptions, secrets),
  ];
}

/** The alert that comes without the app's help. It names no app: of several on a topic one that hears of all secrets will do. */
function judgeExpiryAlert(subscriptions: readonly Subscription[], secrets: readonly string[]): Finding {
  const some = subscriptions.filter((one) => targetOf(one)?.endpointType === "MonitorAlert" && carries(one, EXPIRED));
  if (some.length === 0) {
    const what = `no subscription raises an alert on ${EXPIRED}: a secret that expires while the app is down goes unnoticed`;
    return red("events", what, DEPLOY_ALERT);
  }
  const fault = faultOf({ some, type: EXPIRED, secrets, deploy: DEPLOY_ALERT });
  if (fault) return fault;
  const mute = some.every((one) => (targetOf(one)?.properties?.actionGroups ?? []).length === 0);
  return mute
    ? red("events", `the alert of ${namesOf(some)} on ${EXPIRED} goes to no action group`, DEPLOY_ALERT)
    : ok("events", `${EXPIRED} raises an alert without the app (${namesOf(some)})`);
}

/** What keeps subscriptions to an event from doing what they are for. */
function faultOf(given: {
  some: readonly Subscription[];
  type: string;
  secrets: readonly string[];
  deploy: string;
}): Finding | undefined {
  const { some, type, secrets, deploy } = given;
  const broken = some.find(({ properties }) => properties.provisioningState !== "Succeeded");
  if (broken) {
    const what = `the subscription ${broken.name} is ${broken.properties.provisioningState}`;
    return red("events", what, `Delete it, then: ${deploy}`);
  }
  const deaf = secrets.find((secret) => !some.some((one) => hears(one, secret)));
  if (deaf === undefined) return undefined;
  const what = `${type} of ${deaf} is filtered out (${namesOf(some)})`;
  return red("events", what, "Correct secretNamePrefix and deploy infra/ again");
}

function carries({ properties }: Subscription, type: string): boolean {
  return (properties.filter?.includedEventTypes ?? [type]).includes(type);
}

const listed = (some: readonly Subscription[]): string => some.map(destinationOf).join(", ");
const namesOf = (some: readonly Subscription[]): string => some.map(({ name }) => name).join(", ");

function targetOf({ properties }: Subscription): z.output<typeof target> | undefined {
  return properties.destination ?? properties.deliveryWithResourceIdentity?.destination;
}

function destinationOf(one: Subscription): string {
  const { endpointType, properties } = targetOf(one) ?? { endpointType: "nowhere" };
  const { resourceId, queueName } = properties ?? {};
  return queueName ? `the queue ${queueName}` : `${endpointType} ${resourceId?.split("/").at(-1) ?? ""}`.trim();
}

/** Others may share the topic: what goes to their app or storage account does not reach this one. A webhook may be the app's under another name. */
function reaches(one: Subscription, { appId, account }: Omit<Own, "secrets">): boolean {
  const { endpointType = "", properties } = targetOf(one) ?? {};
  const target = (properties?.resourceId ?? "").toLowerCase();
  switch (endpointType) {
    case "WebHook":
      return true;
    case "StorageQueue":
      return account === undefined || target.endsWith(`/storageaccounts/${account}`);
    case "AzureFunction":
      return appId === undefined || target.startsWith(`${appId.toLowerCase()}/`);
    default:
      return false;
  }
}

function hears({ properties }: Subscription, secret: string): boolean {
  return secret.toLowerCase().startsWith((properties.filter?.subjectBeginsWith ?? "").toLowerCase());
}
