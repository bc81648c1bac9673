import { afterEach, expect, it } from "vitest";
import { serveRedirect } from "../../local/cloud/redirect.ts";
import type { Served } from "../../local/cloud/serve.ts";

let served: Served | undefined;
afterEach(() => served?.close());

it.each([[301], [308]] as const)("sends everybody to the same path over TLS, with %i", async (status) => {
  served = await serveRedirect("https://openmetadata.localhost:8585", status);
  const answer = await fetch(`${served.url}/api/v1/bots?limit=5`, { method: "POST", body: "x", redirect: "manual" });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("location")).toBe("https://openmetadata.localhost:8585/api/v1/bots?limit=5");
  expect(await answer.text()).toBe("");
});
