import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSetting, type Setting, type SettingOptions } from "../../journey/setting.ts";
import { type Certificate, createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { bundle } from "../../scripts/build.ts";
import { type Hold, installCloudTime, onCloudTime } from "../strikes/cloud-time.ts";

/** What all that is played in a process shares. */
export interface Stagecraft {
  /** The bundle, made with `onCloudTime`. */
  main: string;
  /** Trusted by the process. */
  certificate: Certificate;
  close(): Promise<void>;
}

/** Noon of a day long after the machine's own, so that a use of the real clock shows. */
export const START = new Date("2031-03-03T12:00:00Z");
const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";

/** Bundles the app and makes a certificate, once for all. */
export async function prepare(): Promise<Stagecraft> {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-faults-"));
  const main = join(folder, "main.cjs");
  await bundle(main, [onCloudTime]);
  const certificate = await createCertificate();
  trustCertificate(certificate);
  return { main, certificate, close: () => rm(folder, { recursive: true }) };
}

/** The app as it is shipped, in its host amid a cloud of its own, on whose time everything runs. */
export async function openApp(
  { main, certificate }: Stagecraft,
  options: Partial<SettingOptions>,
): Promise<{ setting: Setting; hold: Hold; close(): Promise<void> }> {
  const setting = await openSetting({ start: START, tenantId: TENANT, main, certificate, ...options });
  const { hold, uninstall } = installCloudTime(setting.clock, setting.cloud.wire);
  return {
    setting,
    hold,
    async close() {
      await setting.close();
      uninstall();
    },
  };
}

/** Stops the app, lets time pass, and starts it again. */
export async function sleep(setting: Setting, milliseconds: number): Promise<void> {
  const { faults } = setting.cloud.eventGrid;
  const { shape } = faults;
  // Nobody takes events meanwhile, and where the app was is not where it will be.
  faults.shape = () => [];
  await setting.host.stop();
  await setting.clock.advance(milliseconds);
  if (shape) faults.shape = shape;
  else delete faults.shape;
  await setting.restart();
}
