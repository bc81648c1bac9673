import { expect, inject, it } from "vitest";
import { openSetting } from "../local/journey/setting.ts";
import { START } from "./app/app.ts";

it.skipIf(!process.env.CONTRACTS_DIR)("a planted violation of a published schema fails the run", async () => {
  const setting = await openSetting({ start: START, main: inject("main") });
  try {
    await setting.call("POST", "provision", {});
    expect(setting.cloud.violations()).toEqual([]);
    setting.cloud.wire.faults.push(({ service, method }) =>
      service === "graph" && method === "GET"
        ? {
            kind: "after",
            response: (original) =>
              new Response(JSON.stringify({ planted: true }), { status: original.status, headers: original.headers }),
          }
        : undefined,
    );
    await setting.call("POST", "provision", {});
    expect(setting.cloud.violations().join()).toContain('unknown property "planted"');
  } finally {
    await setting.close();
  }
});
