import { describe, expect, it } from "vitest";
import { credentials } from "../../shared/clients/graph/credentials.ts";
import type { Graph, GraphRequest } from "../../shared/clients/graph/graph.ts";
import { signedName } from "../../shared/clients/graph/marks.ts";
import { UpstreamError } from "../../shared/errors.ts";

const MARK = "0123456789ab";
const says = (status: number, words: string) =>
  new UpstreamError(`Cannot: Microsoft Graph answered ${status} "${words}"`, { service: "Microsoft Graph", status });

/** Graph with these credentials on the registration, which answers each POST so; what it was sent. */
function holding(
  passwordCredentials: object[],
  post: () => Promise<unknown> = async () => undefined,
  found: object | undefined = {},
) {
  const sent: GraphRequest[] = [];
  const read: GraphRequest[] = [];
  const application = { id: "object", appId: "app", createdDateTime: "2026-01-01T00:00:00Z", passwordCredentials };
  const graph = {
    url: "https://graph.example",
    objectId: async () => "identity",
    find: async (request: GraphRequest) => {
      read.push(request);
      return found ? { ...application, ...found } : found;
    },
    post: (request: GraphRequest) => {
      sent.push(request);
      return post();
    },
  } as unknown as Graph;
  return { sent, read, own: credentials(graph, { name: { uniqueName: "openmetadata-server" }, mark: MARK }) };
}
const listed = (displayName: string | null, startDateTime = "2026-01-02T00:09:00Z") => ({
  keyId: displayName ?? "key",
  displayName,
  startDateTime,
  endDateTime: "2026-04-01T00:00:00Z",
  hint: "abc",
});

describe("the client secrets of a registration", () => {
  it("are as old as our own clock says, which announced them: Entra's may be minutes off", async () => {
    const { own } = holding([listed(signedName(MARK, "2026-01-02T00:00:00.000Z nonce"))]);
    expect((await own.list())?.managed).toMatchObject([{ issuedOn: new Date("2026-01-02T00:00:00Z"), hint: "abc" }]);
  });

  it("are as old as Entra says where the name tells no time", async () => {
    const { own } = holding([listed(signedName(MARK, "nonce")), listed(signedName(MARK, "2026-xx nonce"))]);
    const dates = (await own.list())?.managed.map(({ issuedOn }) => issuedOn.toISOString());
    expect(dates).toEqual(["2026-01-02T00:09:00.000Z", "2026-01-02T00:09:00.000Z"]);
  });

  it("are told apart by whose they are", async () => {
    const names = [
      signedName(MARK, "n"),
      signedName("ba9876543210", "n"),
      "managed by openmetadata-entra n",
      "mine",
      null,
    ];
    const found = await holding(names.map((name) => listed(name))).own.list();
    expect([found?.managed.length, found?.others.length, found?.unsigned.length, found?.foreign]).toEqual([1, 1, 1, 2]);
  });
});

describe("a registration with client secrets", () => {
  it("is read by its name, with who made it, and when", async () => {
    const { own, read } = holding([{ ...listed(signedName(MARK, "n")), hint: null }], undefined, {
      createdByAppId: "own",
    });
    expect(await own.list()).toMatchObject({
      objectId: "object",
      appId: "app",
      createdOn: new Date("2026-01-01T00:00:00Z"),
      createdByAppId: "own",
      managed: [{ expiresOn: new Date("2026-04-01T00:00:00Z"), hint: undefined }],
    });
    expect(read).toEqual([
      {
        action: "list client secrets",
        path: "/applications(uniqueName='openmetadata-server')",
        query: { $select: "id,appId,createdDateTime,createdByAppId,passwordCredentials" },
      },
    ]);
  });

  it("may be made by nobody who is known, and may be told in no shape that we know", async () => {
    expect((await holding([]).own.list())?.createdByAppId).toBeUndefined();
    await expect(holding([{}]).own.list()).rejects.toThrow(
      "Cannot list client secrets: Microsoft Graph answered something unexpected",
    );
  });
});

describe("a client secret", () => {
  it("is issued with an end and no beginning, once: repeated it would be a second one", async () => {
    const { own, sent } = holding([], async () => ({ keyId: "key", secretText: "value" }));
    expect(await own.issue("object", "nonce", new Date("2026-04-01T00:00:00Z"))).toEqual({
      keyId: "key",
      value: "value",
    });
    expect(sent).toMatchObject([{ path: "/applications/object/addPassword", once: true }]);
    expect(sent[0]?.body).toEqual({
      passwordCredential: { displayName: signedName(MARK, "nonce"), endDateTime: "2026-04-01T00:00:00.000Z" },
    });
  });

  it.each([
    [
      "CredentialInvalidLifetimeAsPerAppPolicy",
      "a tenant policy limits the lifetime of client secrets",
      /^Set SECRET_LIFETIME_DAYS .* below that limit/,
    ],
    [
      "CredentialTypeNotAllowedAsPerAppPolicy",
      "a tenant policy forbids client secrets",
      /^Exempt the application from the application management policy$/,
    ],
  ])("that a policy of the tenant refuses is told with what to do: %s", async (serviceCode, why, hint) => {
    const cause = new UpstreamError("no", { service: "Microsoft Graph", status: 400, serviceCode });
    const { own } = holding([], () => Promise.reject(cause));
    await expect(own.issue("object", "nonce", new Date())).rejects.toMatchObject({
      name: "StalledError",
      code: "tenant-policy-conflict",
      message: `Cannot issue a client secret for application "object": ${why}`,
      hint: expect.stringMatching(hint),
      cause,
    });
  });

  it.each([
    ["another reason of Graph's", says(400, "CredentialTypeNotAllowed")],
    [
      "a code that only ends like that of a policy",
      new UpstreamError("no", { service: "Microsoft Graph", status: 400, serviceCode: "NoCredentialTypeNotAllowed" }),
    ],
    ["a fault of our own", Object.assign(new TypeError("broken"), { serviceCode: "CredentialTypeNotAllowed" })],
  ])("that is not issued for %s stays what it is", async (_, failure) => {
    await expect(holding([], () => Promise.reject(failure)).own.issue("o", "n", new Date())).rejects.toBe(failure);
  });

  it("is removed by its id", async () => {
    const { own, sent } = holding([]);
    await own.retire("object", "key");
    expect(sent).toEqual([
      { action: 'remove client secret "key"', path: "/applications/object/removePassword", body: { keyId: "key" } },
    ]);
  });

  it.each([{}, { keyId: "key" }, { secretText: "value" }, undefined])(
    "that is answered otherwise than with its id and value counts as not issued: %j",
    async (answer) => {
      await expect(holding([], async () => answer).own.issue("object", "n", new Date())).rejects.toThrow(
        'Cannot issue a client secret for application "object": Microsoft Graph answered something unexpected',
      );
    },
  );

  it("that is gone already counts as removed", async () => {
    const gone = says(400, "No password credential found with keyId.");
    await holding([], () => Promise.reject(gone)).own.retire("object", "key");
  });

  it("that cannot be removed for another reason is told", async () => {
    const other = says(400, "Invalid value specified for property 'keyId'");
    await expect(holding([], () => Promise.reject(other)).own.retire("object", "key")).rejects.toBe(other);
  });
});
