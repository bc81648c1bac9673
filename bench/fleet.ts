import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callApp, converge } from "../journey/call-app.ts";
import { root, UNSET } from "../journey/setting.ts";
import { type Clock, installClock, wallClock } from "../local/clock.ts";
import { type Cloud, startCloud } from "../local/cloud/cloud.ts";
import type { Service } from "../local/cloud/exchange.ts";
import { startHost } from "../local/host/host.ts";
import { isOfApp } from "../proof/strikes/requests.ts";
import { bundle } from "../scripts/build.ts";
import { DAY, HOUR } from "../shared/limits.ts";
import { certificate } from "./certificate.ts";
import { type Instance, startInstance } from "./instances.ts";
import { type Servers, serveMany } from "./servers.ts";

const sleep = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

/** Many deployments in one local cloud, each with a server of its own, and instances of the app as processes beside it. */
export interface Fleet {
  cloud: Cloud;
  servers: Servers;
  names: readonly string[];
  /** The service of each request of the app since this was emptied last; the queue's host is left out. */
  asked: Service[];
  /** Adds deployments until there are so many, and brings each to where it holds its first credentials. */
  grow(size: number): Promise<void>;
  /** Starts an instance that serves all deployments. */
  startInstance(): Promise<Instance>;
  /** From now on each answer comes so many milliseconds later. */
  delayAnswers(milliseconds: number): void;
  close(): Promise<void>;
}

const BLOB = "/settings/deployments.json";
/** So many are set up at a time. */
const AT_ONCE = 8;

/** Time passes as on the wall, but for what is waited for while deployments are set up. */
export async function openFleet(progress: (what: string) => void): Promise<Fleet> {
  const clock = wallClock((error) => {
    throw error;
  });
  let settingUp = true;
  const uninstall = installClock(clock, { virtualWaits: () => settingUp });
  const cloud = await startCloud({ clock, certificate, env: {} });
  // Entra lets one principal own 250 objects: that is a matter of the tenant's quota.
  cloud.directory.rules.objectsPerPrincipal = Number.POSITIVE_INFINITY;
  const servers = await serveMany(cloud, clock);
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-bench-"));
  const main = join(folder, "dist", "main.cjs");
  await bundle(main);
  const certificateFile = join(folder, "local-cloud.pem");
  await writeFile(certificateFile, certificate.cert);
  const settings = {
    ...UNSET,
    ...cloud.settings,
    OPENMETADATA_URL: "",
    PRINCIPAL_DOMAIN: "",
    DEPLOYMENTS_BLOB: `${cloud.urls.blob}${BLOB}`,
    "AzureWebJobs.rotate-on-schedule.Disabled": "1",
  };
  const names: string[] = [];
  const asked: Service[] = [];
  cloud.wire.onExchange.push((exchange) => {
    if (isOfApp(exchange) && exchange.service !== "storage-queue") asked.push(exchange.service);
  });
  const delayAnswers = delaying(cloud);
  return {
    cloud,
    servers,
    names,
    asked,
    async grow(size) {
      settingUp = true;
      const added = Array.from({ length: size - names.length }, (_, index) => `d${names.length + index}`);
      names.push(...added);
      const list = names.map((name) => ({ name, openMetadataUrl: servers.add(name), principalDomain: "example.com" }));
      cloud.storageBlob.put(BLOB, JSON.stringify(list));
      const host = await startHost({ main, root, settings, clock, log: () => {} });
      const left = [...added];
      const worker = async (): Promise<void> => {
        for (let name = left.shift(); name; name = left.shift()) {
          await settle(name, { url: host.url, cloud, clock });
          progress(`setting up deployments: ${name}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      await host.stop();
      await clock.advance(DAY + HOUR); // those who read the vault have had their time
      settingUp = false;
    },
    startInstance() {
      const ahead = clock.now().getTime() - (performance.timeOrigin + performance.now());
      return startInstance({ main, root, certificate: certificateFile, settings, ahead });
    },
    delayAnswers,
    async close() {
      await servers.close();
      await cloud.close();
      clock.stop();
      uninstall();
      await rm(folder, { recursive: true });
    },
  };
}

/** Brings a deployment to where it holds its first credentials. */
async function settle(name: string, { url, cloud, clock }: { url: string; cloud: Cloud; clock: Clock }): Promise<void> {
  for (const path of ["provision", "consent", "rotate"]) {
    const token = await cloud.callerToken(["Automation.Run"]);
    // On a busy machine a service may not answer in time: who calls repeats a 503 as well as a 202.
    const call = async () => {
      const answer = await callApp(url, token, { method: "POST", path, body: { deployment: name } });
      return answer.status === 503 ? { ...answer, status: 202 } : answer;
    };
    const { status, body } = await converge(call, clock);
    if (status !== 200) throw new Error(`POST /api/${path} answered ${status} for "${name}": ${body.detail}`);
  }
}

/** On everything that the app asks for. */
function delaying({ wire }: Cloud): Fleet["delayAnswers"] {
  let delay = 0;
  wire.faults.push((request) => {
    if (delay === 0 || !isOfApp(request)) return undefined;
    return { kind: "after", response: async (answer) => sleep(delay).then(() => answer) };
  });
  return (milliseconds) => {
    delay = milliseconds;
  };
}
