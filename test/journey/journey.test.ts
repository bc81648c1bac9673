import { expect, inject, it } from "vitest";
import { judge } from "../../journey/judge.ts";
import { openSetting } from "../../journey/setting.ts";
import { travel } from "../../journey/travel.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";

const certificate = await createCertificate();
trustCertificate(certificate);

const id = "[0-9a-f]{8}";

it.each([
  {
    release: "1.2.5",
    flow: "implicit",
    story: [
      `day 0 provision create registration \\(2\\), create service principal \\(2\\)`,
      `day 0 consent grant scopes \\(2\\), assign app role \\(2\\)`,
      `day 0 ingestion-client-secret ${id} issued, proven, promoted, pushed \\(call\\), confirmed \\(queue\\): .*pipelines deployed: 2`,
      `day 59 ingestion-client-secret ${id} issued, proven \\(queue\\)`,
      `day 60 ingestion-client-secret ${id} promoted \\(queue\\), pushed \\(new-version event\\), confirmed \\(queue\\): .*`,
      `day 67 ingestion-client-secret ${id} retired \\(queue\\)`,
    ],
  },
  {
    release: "1.12.6",
    flow: "auth-code",
    story: [
      `day 0 provision create registration \\(2\\), create service principal \\(2\\)`,
      `day 0 consent grant scopes \\(2\\), assign app role \\(2\\)`,
      `day 0 ingestion-client-secret ${id} issued, proven, promoted \\(call\\)`,
      `day 0 server-client-secret ${id} issued, proven, promoted, pushed \\(call\\), confirmed \\(queue\\): .*`,
      `day 0 bot-token ${id} promoted, pushed \\(call\\), confirmed \\(queue\\): .*pipelines deployed: 2`,
      `day 0 bot-token ${id} issued, promoted, pushed \\(call\\), confirmed \\(queue\\): .*pipelines deployed: 2`,
      `day 1 ingestion-client-secret ${id} pushed,.* confirmed \\(queue\\): .*`,
      `day 59 ingestion-client-secret ${id} issued, proven \\(queue\\)`,
      `day 59 server-client-secret ${id} issued, proven \\(queue\\)`,
      `day 60 ingestion-client-secret ${id} promoted \\(queue\\)`,
      `day 60 server-client-secret ${id} promoted \\(queue\\), pushed \\(new-version event\\), confirmed \\(queue\\): .*`,
      `day 60 bot-token ${id} issued, promoted, pushed, confirmed \\(queue\\): .*pipelines deployed: 2.*`,
      `day 61 ingestion-client-secret ${id} pushed,.* confirmed \\(queue\\): .*`,
      `day 67 server-client-secret ${id} retired \\(queue\\)`,
      `day 68 ingestion-client-secret ${id} retired \\(queue\\)`,
    ],
  },
] as const)(
  "goes from an empty tenant to the second credentials in use, OpenMetadata $release, without one refused sign-in",
  async ({ release, flow, story }) => {
    const lines: string[] = [];
    const start = new Date("2031-03-03T08:00:00Z");
    const main = inject("main");
    // Every six hours, to save most of the time: npm start does the same by the hour.
    const settings = { ROTATION_SCHEDULE: "0 0 */6 * * *" };
    const setting = await openSetting({ start, main, release, flow, certificate, settings, signInEveryMinutes: 240 });
    try {
      const judged = judge(setting);
      const tell = { line: (...words: string[]) => void lines.push(words.join(" ")), text() {}, progress() {} };
      await travel(setting, tell, judged.first);
      expect(judged.faults()).toEqual([]);
      expect(setting.cloud.ingestion.signIns()).toBeGreaterThan(1_000);
      if (flow === "auth-code") expect(setting.cloud.people.signIns()).toBeGreaterThan(350);
      for (const line of story) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${line}`)));
      expect(lines.length).toBeLessThan(20);
    } finally {
      await setting.close();
    }
  },
);
