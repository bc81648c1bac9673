import { expect, inject, it } from "vitest";
import { travel } from "../../journey/journey.ts";
import { judge } from "../../journey/judge.ts";
import { openSetting } from "../../journey/setting.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";

const certificate = await createCertificate();
trustCertificate(certificate);

it.each([
  {
    release: "1.2.5",
    flow: "implicit",
    news: [
      "day 0 push ingestion-client-secret pushed",
      "day 59 issue ingestion-client-secret issued and staged",
      "day 59 prove ingestion-client-secret proven",
      "day 60 promote ingestion-client-secret promoted",
      "day 60 push ingestion-client-secret pushed",
      "day 60 confirm ingestion-client-secret confirmed",
      "day 67 retire ingestion-client-secret retired",
    ],
  },
  {
    release: "1.12.6",
    flow: "auth-code",
    news: [
      "day 0 issue bot-token issued",
      "day 0 push server-client-secret pushed",
      "day 60 push server-client-secret pushed",
      "day 60 issue bot-token issued",
      "day 60 push bot-token pushed",
      "day 67 retire server-client-secret retired",
    ],
  },
] as const)(
  "goes from an empty tenant to the second credentials in use, OpenMetadata $release, without one refused sign-in",
  async ({ release, flow, news }) => {
    const lines: string[] = [];
    const start = new Date("2031-03-03T08:00:00Z");
    const main = inject("main");
    // Every six hours, to save most of the time: npm start does the same by the hour.
    const settings = { ROTATION_SCHEDULE: "0 0 */6 * * *" };
    const setting = await openSetting({ start, main, release, flow, certificate, settings, signInEveryMinutes: 240 });
    try {
      const judged = judge(setting);
      const tell = { line: (...words: unknown[]) => void lines.push(words.slice(0, 3).join(" ")), progress() {} };
      await travel(setting, tell, judged.first);
      expect(judged.faults()).toEqual([]);
      expect(setting.cloud.ingestion.signIns()).toBeGreaterThan(1_000);
      if (flow === "auth-code") expect(setting.cloud.people.signIns()).toBeGreaterThan(350);
      for (const one of news) expect(lines.join("\n")).toContain(one);
    } finally {
      await setting.close();
    }
  },
  120_000,
);
