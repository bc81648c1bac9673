import { STATUS } from "./status-example.ts";

/** Answers as they are when all goes well, with ids that stand for others. */
export const EXAMPLES = {
  provision: {
    deployment: "openmetadata",
    converged: true,
    steps: [
      {
        kind: "create-registration",
        because: "it does not exist",
        target: "openmetadata-server",
        state: "done",
      },
    ],
    result: {
      server: {
        clientId: "11111111-1111-4111-8111-111111111111",
        applicationObjectId: "22222222-2222-4222-8222-222222222222",
        servicePrincipalObjectId: "33333333-3333-4333-8333-333333333333",
        appIdUri: "api://11111111-1111-4111-8111-111111111111",
        scope: "api://11111111-1111-4111-8111-111111111111/user_access",
        redirectUris: ["https://openmetadata.example.com/callback"],
      },
      ingestion: {
        clientId: "44444444-4444-4444-8444-444444444444",
        applicationObjectId: "55555555-5555-4555-8555-555555555555",
        servicePrincipalObjectId: "66666666-6666-4666-8666-666666666666",
      },
      authority: "https://login.microsoftonline.com/77777777-7777-4777-8777-777777777777",
    },
  },
  consent: {
    deployment: "openmetadata",
    converged: true,
    steps: [],
    result: {
      graphScopes: ["openid", "profile", "email", "offline_access"],
      scope: "user_access",
      appRole: "ingestion",
    },
  },
  rotate: {
    deployment: "openmetadata",
    converged: true,
    steps: [
      {
        credential: "ingestion-client-secret",
        kind: "issue",
        because: "there is none",
        target: "openmetadata-ingestion-client-secret",
        state: "done",
      },
    ],
    result: {
      credentials: [
        {
          credential: "ingestion-client-secret",
          secret: "openmetadata-ingestion-client-secret",
          keyId: "88888888-8888-4888-8888-888888888888",
          version: "0123456789abcdef0123456789abcdef",
          expiresOn: "2031-06-01T12:00:00.000Z",
          provenOn: "2031-03-03T12:00:10.000Z",
          deliveredOn: "2031-03-03T12:00:12.000Z",
          delivery: "verified",
        },
      ],
    },
    later: [
      {
        credential: "ingestion-client-secret",
        kind: "issue",
        on: "2031-05-01T12:00:00.000Z",
        target: "openmetadata-ingestion-client-secret",
      },
    ],
  },
  harden: {
    deployment: "openmetadata",
    converged: true,
    steps: [{ kind: "delete-default-admin", because: "it is there", target: "admin", state: "done" }],
    result: { defaultAdmin: "absent", administrators: ["jane.doe"] },
  },
  status: STATUS,
} as const;
