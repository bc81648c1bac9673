import { afterAll, beforeAll, expect, inject } from "vitest";
import { converge } from "../../journey/call-app.ts";
import { openSetting, type Setting, type SettingOptions } from "../../journey/setting.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { type AppRecord, recordOf } from "../../proof/strikes/record.ts";
import { installationMark, signedName } from "../../shared/clients/graph/marks.ts";
import { holdAnswer } from "./described.ts";

/** Noon of a day long after the machine's own, so that a use of the real clock shows. */
export const START = new Date("2031-03-03T12:00:00Z");
export const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
export const SECRET = "openmetadata-ingestion-client-secret";
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The app in its host amid the local cloud, opened before the tests of a file and closed after them. */
export interface App extends Setting, Pick<AppRecord, "exchanges" | "requests" | "writes"> {
  /** Begins the record of what the app sends anew. */
  mark(): void;
  /** Calls until converged; fails the test when the answer is no 200. */
  post(path: string, body?: unknown): ReturnType<typeof converge>;
  /** Provisions, consents and rotates once, so that the bot holds the first secret. */
  settle(): Promise<void>;
  /** The latest version of a vault secret, with its value. */
  latest(name?: string): { version: string; value: string; tags: Record<string, string> } | undefined;
  /** Client secrets of the ingestion registration, foreign ones too. */
  inEntra(): { keyId: string; displayName: string | null; value: string; endDateTime: string }[];
  /** The client secret that the bot holds. */
  held(): string | undefined;
}

/** The name in Entra of a client secret that this installation has made. */
export function nameOfOurs(app: App, nonce: string, secret = SECRET): string {
  return signedName(installationMark(app.cloud.urls.vault, secret), nonce);
}

/** A reason that was not given before: the same words, a while later, are a repeat of the same call. */
export function anew({ clock }: Pick<App, "clock">): string {
  return `leaver ${clock.now().toISOString()}`;
}

/** Opens the app for the tests of one file. */
export function openApp(options: Partial<SettingOptions> = {}): () => App {
  let app: App | undefined;
  beforeAll(async () => {
    app = await open(options);
  });
  afterAll(async () => {
    expect(app?.cloud.violations() ?? []).toEqual([]);
    await app?.close();
  });
  return () => {
    if (!app) throw new Error("The app is not open");
    return app;
  };
}

/** One for every app that a file opens: TLS cannot tell two authorities of the same name apart. */
const certificate = await createCertificate();
trustCertificate(certificate);

async function open(options: Partial<SettingOptions>): Promise<App> {
  const given = { start: START, tenantId: TENANT, main: inject("main"), certificate };
  const setting = await openSetting({ ...given, ...options });
  const { cloud, call } = setting;
  setting.call = async (method, path, body) => {
    const answer = await call(method, path, body);
    holdAnswer(path, answer.status, answer.body);
    return answer;
  };
  // Requests for tokens depend on what is cached, and the queue is the host's too.
  const { forget, ...sent } = recordOf(cloud.wire, ({ service }) => !["entra", "storage-queue"].includes(service));
  const app: App = Object.assign(setting, {
    ...sent,
    mark: forget,
    async post(path: string, body: unknown = {}) {
      const answer = await converge(() => setting.call("POST", path, body), setting.clock);
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
      return answer;
    },
    async settle() {
      for (const path of ["provision", "consent", "rotate"]) await app.post(path);
      await setting.clock.advance(2_000);
    },
    latest(name = SECRET) {
      return cloud.vault
        .secrets()
        .find((secret) => secret.name === name)
        ?.versions.at(-1);
    },
    inEntra() {
      const holder = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-ingestion");
      return holder?.secrets ?? [];
    },
    held() {
      const mechanism = cloud.openMetadata.botMechanism("ingestion-bot");
      return mechanism?.authType === "SSO" ? mechanism.config.authConfig?.clientSecret : undefined;
    },
  });
  return app;
}
