import { describe, expect, it } from "vitest";
import { registration } from "./administrator.ts";
import { openApp, MINUTE } from "./app.ts";

const OWNED_BY = "Application.ReadWrite.OwnedBy";

describe("POST /api/provision after somebody deleted a registration", () => {
  const app = openApp({ graphPermissions: [OWNED_BY] });
  it("x", async () => {
    await app().post("provision");
    app().cloud.directory.deleteApplication("openmetadata-server");
    console.log(JSON.stringify(await app().call("POST", "provision"), null, 1));
    app().cloud.directory.grantGraphPermission(app().cloud.app.objectId, "Application.Read.All");
    await app().restart();
    console.log(JSON.stringify(await app().call("POST", "provision"), null, 1));
    app().cloud.directory.restoreApplication("openmetadata-server");
    console.log(JSON.stringify(await app().call("POST", "provision"), null, 1));
    });
    });
describe("no permission", () => {
  const app = openApp({ graphPermissions: [] });
  it("x", async () => {
    console.log(JSON.stringify(await app().call("POST", "provision"), null, 1));
    app().cloud.directory.grantGraphPermission(app().cloud.app.objectId, "Application.Read.All");
    await app().restart();
    console.log(JSON.stringify(await app().call("POST", "provision"), null, 1));
    console.log(JSON.stringify(await app().call("POST", "provision", {dryRun: true}), null, 1));
    });
    });
describe("slow", () => {
  const app = openApp({  });
  it("x", async () => {
  	app().cloud.directory.replication.objects = 20_000;
    app().mark();
    const t=app().clock.now();
    console.log(JSON.stringify(await app().call("POST", "provision"), null, 1));
    console.log(app().requests("graph"), +app().clock.now()-+t);
  	app().cloud.directory.replication.objects = 300_000;
    await app().restart({DEPLOYMENT_NAME: "late"});
    for (let i=0;i<12;i++){
    app().mark();
    const t=app().clock.now();
    const r=await app().call("POST", "provision");
    console.log(JSON.stringify(r, null, 1));
    console.log(app().requests("graph"), +app().clock.now()-+t);
    await app().clock.advance(r.retryAfter*1000);
    if (r.status===200) break;
    }
    });
    });
