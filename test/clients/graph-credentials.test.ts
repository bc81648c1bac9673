import { describe, expect, it } from "vitest";
import { credentials } from "../../shared/clients/graph/credentials.ts";
import type { Graph, GraphRequest } from "../../shared/clients/graph/graph.ts";
import { signedName } from "../../shared/clients/graph/marks.ts";
import { UpstreamError } from "../../shared/errors.ts";

const MARK = "0123456789ab";
const says = (status: number, words: string) =>
  new UpstreamError(`Cannot: Microsoft Graph answered ${status} "${words}"`, { service: "Microsoft Graph", status });

/** Graph with these credentials on the registration, which answers each POST so; what it was sent. */
function holding(passwordCredentials: object[], post: () => Promise<unknown> = async () => undefined) {
  const sent: GraphRequest[] = [];
  const application = { id: "object", appId: "app", createdDateTime: "2026-01-01T00:00:00Z", passwordCredentials };
  const graph = {
    url: "https://graph.example",
    objectId: async () => "identity",
    find: async () => application,
    post: (request: GraphRequest) => {
      sent.push(request);
      return post();
    },
  } as unknown as Graph;
  return { sent, own: credentials(graph, { name: { uniqueName: "openmetadata-server" }, mark: MARK }) };
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

  it("that is gone already counts as removed", async () => {
    const gone = says(400, "No password credential found with keyId.");
    await holding([], () => Promise.reject(gone)).own.retire("object", "key");
  });

  it("that cannot be removed for another reason is told", async () => {
    const other = says(400, "Invalid value specified for property 'keyId'");
    await expect(holding([], () => Promise.reject(other)).own.retire("object", "key")).rejects.toBe(other);
  });
});
