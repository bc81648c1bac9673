import { describe, expect, it } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import type { Connections } from "../../shared/world/connections.ts";
import { openServer } from "../../shared/world/open-metadata.ts";
import { answering } from "../clients/answering.ts";

/** A server that takes these tokens, and how we sign in to it: with our own, renewed where it is refused, or a stored one. */
async function server(
  takes: string[],
  { secret, latest, asksOnce = false }: { secret?: string; latest?: object; asksOnce?: boolean } = {},
) {
  const tokens: string[] = [];
  const { url, asked } = await answering(({ headers }) => {
    const token = headers.authorization?.replace("Bearer ", "") ?? "none";
    tokens.push(token);
    return takes.includes(token)
      ? { json: { id: "1", name: "own" } }
      : { status: 401, json: { code: 401, message: "no" } };
  });
  const made: string[] = [];
  const token = (name: string) => {
    made.push(name);
    return `${name}-${made.length}`;
  };
  const connections = {
    appIds: () => ({ of: async ({ uniqueName }: { uniqueName: string }) => uniqueName, forget: () => undefined }),
    ownAs: (clientId?: string) => ({
      tokenFor: async () => token("usual"),
      renewed: async (scope: string) => token(`renewed as ${clientId} for ${scope}`),
      identity: async () => ({ objectId: `object of ${clientId}` }),
    }),
    vault: () => (name: string) => ({
      latest: async () => latest,
      value: async (version: string) => `${name}.${version}`,
    }),
  } as unknown as Connections;
  const deployment = {
    name: "openmetadata",
    openMetadataUrl: url,
    openMetadataTokenSecret: secret,
    identityClientId: "client-7",
  } as Deployment;
  return { open: openServer(deployment, connections, { asksOnce }), asked, tokens, made };
}

describe("we sign in to OpenMetadata", () => {
  it("with our own token, which is asked for once", async () => {
    const { open, tokens } = await server(["usual-1"]);
    for (const _ of [1, 2]) await open.whoAmI();
    expect(tokens).toEqual(["usual-1", "usual-1"]);
    expect(open.usesOwnToken).toBe(true);
    expect(await open.scope()).toBe("api://openmetadata-server/.default");
    expect(await open.signsInAs()).toEqual({ objectId: "object of client-7" });
  });

  it("with a renewed one where that is refused, and from then on with it alone", async () => {
    const renewed = "renewed as client-7 for api://openmetadata-server/.default-2";
    const { open, tokens, made } = await server([renewed]);
    for (const _ of [1, 2]) await open.whoAmI();
    expect(tokens).toEqual(["usual-1", renewed, renewed]);
    expect(made).toHaveLength(2);
  });

  it("with a token of the vault where the deployment names one, as nobody in Entra", async () => {
    const { open, tokens } = await server(["admin-token.v3"], {
      secret: "admin-token",
      latest: { enabled: true, version: "v3" },
    });
    await open.whoAmI();
    expect(tokens).toEqual(["admin-token.v3"]);
    expect(open.usesOwnToken).toBe(false);
    expect(await open.signsInAs()).toBeUndefined();
  });

  it.each([[undefined], [{ enabled: false, version: "v3" }]])(
    "not with %j of it, and says what to do",
    async (latest) => {
      const { open } = await server([], { secret: "admin-token", ...(latest ? { latest } : {}) });
      await expect(open.whoAmI()).rejects.toMatchObject({
        code: "openmetadata-forbidden",
        message: 'Cannot sign in to OpenMetadata: the vault has no enabled secret "admin-token"',
        hint: expect.stringContaining("OPENMETADATA_TOKEN_SECRET"),
      });
    },
  );
});

it.each([
  [true, 1],
  [false, 2],
])("the server is asked the same again by who only looks (%s) so often: %i", async (asksOnce, times) => {
  const { open, asked } = await server(["usual-1"], { asksOnce });
  for (const _ of [1, 2]) await open.whoAmI();
  expect(asked).toHaveLength(times);
});
