import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../shared/errors.ts";
import { type WholePorts, wholeOf } from "../../shared/status/whole.ts";

const BOT = { botName: "ingestion-bot", botCredential: "auto" } as const;
const SERVER = { uniqueName: "blue-server" };
const INGESTION = { uniqueName: "blue-ingestion" };
const refuse = (status: number) => async () => {
  throw new UpstreamError(`OpenMetadata answered ${status}`, { service: "OpenMetadata", status });
};

/** A deployment of which all is well, but for the changes; `asked` grows with each request. */
function deployment({ missing = [], version, whoAmI }: Partial<Given> = {}) {
  const asked: string[] = [];
  const asking =
    <T>(what: string, answer: () => Promise<T>) =>
    () => {
      asked.push(what);
      return answer();
    };
  const ports = {
    graphUrl: "https://graph.microsoft.com",
    names: { server: SERVER, ingestion: INGESTION },
    identity: async () => ({ objectId: "own", appId: "app", graphPermissions: ["Application.ReadWrite.OwnedBy"] }),
    provisioning: {
      registrations: {
        find: (name: { uniqueName: string }) =>
          asking(name.uniqueName, async () => (missing.includes(name.uniqueName) ? undefined : {}))(),
      },
    },
    openMetadata: {
      version: asking("version", version ?? (async () => "1.12.6")),
      signInConfiguration: asking("sign-in", async () => ({ publicKeyUrls: [], jwtPrincipalClaims: ["sub"] })),
    },
    delivery: { usesOwnToken: true, keysUrl: "https://keys" },
    hygiene: {
      deployment: { name: "blue", initialAdmins: [] },
      ownObjectId: async () => "own",
      server: { whoAmI: asking("who", whoAmI ?? (async () => ({ name: "own", isAdmin: true }))) },
    },
  } as unknown as WholePorts;
  const troubles = async () =>
    (await wholeOf(ports, BOT))?.filter(({ verdict }) => verdict !== "healthy").map(({ reason }) => reason);
  return { asked, troubles };
}

interface Given {
  missing: string[];
  version: () => Promise<string>;
  whoAmI: () => Promise<{ name: string; isAdmin: boolean }>;
}

describe("a deployment as a whole", () => {
  it("is well after two questions to Graph and two to the server, one of them for two that ask it", async () => {
    const { asked, troubles } = deployment();
    expect(await troubles()).toEqual([]);
    expect([...new Set(asked)].sort()).toEqual(["blue-ingestion", "blue-server", "version", "who"]);
  });

  it("is not judged before it is set up", async () => {
    const { troubles } = deployment({ missing: ["blue-server", "blue-ingestion"], version: refuse(503) });
    expect(await troubles()).toBeUndefined();
  });

  it("lacks a registration, or a server", async () => {
    expect(await deployment({ missing: ["blue-server"] }).troubles()).toEqual(["registration-missing"]);
    expect(await deployment({ version: refuse(400) }).troubles()).toEqual(["openmetadata-refused"]);
    expect(await deployment({ version: refuse(503) }).troubles()).toEqual(["openmetadata-unavailable"]);
  });

  it("asks the server for its settings where it keeps the app out", async () => {
    const { asked, troubles } = deployment({ whoAmI: refuse(401) });
    expect(await troubles()).toEqual(["openmetadata-forbidden"]);
    expect(asked).toContain("sign-in");
  });
});
