import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { azureResources } from "../../operator/doctor/azure-resources.ts";
import { askStatus } from "../../operator/doctor/pages.ts";

const PAGES: Record<string, object> = {
  "/api/status": { on: "now", deployments: [1, 2], next: "b c" },
  "/api/status?after=b%20c": { on: "now", deployments: [3], next: "d" },
  "/api/status?after=d": { on: "now", deployments: [4] },
  "/things?api-version=1": { value: ["a"], nextLink: "https://region.management.example/things?page=2" },
  "/things?page=2": { value: ["b"], nextLink: null },
  "/endless?api-version=1": { value: ["a"], nextLink: "/endless?api-version=1" },
};
const server = createServer((request, response) => {
  const page = PAGES[request.url ?? ""];
  response.writeHead(page && request.headers.authorization === "Bearer good" ? 200 : 401);
  response.end(JSON.stringify(page ?? {}));
});
let url = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it("the doctor looks at all pages of a status", async () => {
  expect(await askStatus(url, "good")).toMatchObject({ status: 200, json: { on: "now", deployments: [1, 2, 3, 4] } });
});

it("the doctor hears why a page is refused", async () => {
  expect(await askStatus(url, "bad")).toMatchObject({ kind: "answered", status: 401 });
});

it("the doctor looks at all pages of a list of Azure's, at the one address that its token is for", async () => {
  const azure = azureResources(url, async () => "good");
  expect(await azure.list("/things", "1", z.string())).toEqual(["a", "b"]);
});

it("the doctor takes no piece of a list for the whole", async () => {
  expect(await azureResources(url, async () => "good").list("/endless", "1", z.string())).toBeUndefined();
});
