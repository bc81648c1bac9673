import { expect, inject, it } from "vitest";
import { travel } from "../local/journey/journey.ts";
import { openSetting } from "../local/journey/setting.ts";

it("goes from an empty tenant to the second secret in use without one refused sign-in", async () => {
  const lines: string[] = [];
  const setting = await openSetting({ start: new Date("2031-03-03T08:00:00Z"), main: inject("main") });
  try {
    const arrival = await travel(setting, {
      line: (...words) => void lines.push(words.slice(0, 3).join(" ")),
      progress() {},
    });
    expect(arrival.refusals).toEqual([]);
    expect(arrival.signIns).toBeGreaterThan(4_000);
    expect(arrival.currentKeyId).not.toBe(arrival.firstKeyId);
    expect(arrival.managed).toEqual([arrival.currentKeyId]);
    expect(setting.cloud.violations()).toEqual([]);
    expect(setting.log.filter(({ level }) => level === "error")).toEqual([]);
    const told = lines.join("\n");
    for (const news of [
      "day 59 issue issued and staged",
      "day 59 prove proven",
      "day 60 promote promoted",
      "day 60 push pushed",
      "day 60 confirm confirmed",
      "day 67 retire retired",
    ]) {
      expect(told).toContain(news);
    }
  } finally {
    await setting.close();
  }
}, 120_000);
