import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { amid, answers } from "../../proof/strikes/strike.ts";
import { openApp } from "./app.ts";

const app = openApp();

describe("deployments with an identity of their own", () => {
  it("are signed in to with that alone, also where a server refuses it; sharing one is a finding", async () => {
    const { directory, urls, wire } = app().cloud;
    const green = directory.createManagedIdentity({ displayName: "green", graphPermissions: [] });
    const two = (identity: object) =>
      JSON.stringify([
        { name: "blue", openMetadataUrl: urls.openMetadata },
        { name: "green", openMetadataUrl: `${urls.openMetadata}/`, ...identity },
      ]);
    const bare = { OPENMETADATA_URL: "", PRINCIPAL_DOMAIN: "" };
    const callers = new Set<unknown>();
    wire.onExchange.push(({ service, headers }) => {
      const token = /^Bearer (ey.*)$/.exec(headers.get("authorization") ?? "")?.[1];
      if (service === "openmetadata" && token) callers.add(decodeJwt(token).oid ?? decodeJwt(token).sub);
    });
    const findings = async () => {
      const { body } = await app().call("GET", "status");
      const all = body.deployments as { deployment: string; drift: { findings: { kind: string; what: string }[] } }[];
      return all.flatMap(({ deployment, drift }) =>
        drift.findings.filter(({ kind }) => kind === "shared-identity").map(({ what }) => [deployment, what]),
      );
    };

    await app().restart({ ...bare, DEPLOYMENTS: two({}) });
    for (const deployment of ["blue", "green"]) await app().post("provision", { deployment });
    expect(await findings()).toEqual([
      ["blue", expect.stringContaining('the same identity for the OpenMetadata servers of "blue" and "green"')],
      ["green", expect.stringContaining('the same identity for the OpenMetadata servers of "green" and "blue"')],
    ]);

    await app().restart({ ...bare, DEPLOYMENTS: two({ identityClientId: green.clientId }) });
    await app().post("consent", { deployment: "green" });
    const assigned = directory.assignments().filter(({ principalId }) => principalId === green.objectId);
    expect(assigned).toHaveLength(1);
    callers.clear();
    expect(await findings()).toEqual([]);
    expect(callers).toEqual(new Set([app().cloud.app.objectId, green.objectId]));
    callers.clear();
    await app().call("GET", "status?deployment=green");
    expect(callers).toEqual(new Set([green.objectId]));

    // Whoever runs a server needs but to refuse a token to be shown another one.
    callers.clear();
    const refused = answers({ service: "openmetadata", path: /loggedInUser/, times: 1 }, { status: 401 });
    await amid(app(), refused, () => app().call("GET", "status?deployment=green"));
    expect(callers).toEqual(new Set([green.objectId]));
  });
});
