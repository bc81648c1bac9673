function condition(type: string, reason: string, { status, message }: { status: string; message: string }) {
  return { type, status, verdict: "healthy", reason, message };
}

function holds(type: string, reason: string, message: string, since?: string) {
  return { ...condition(type, reason, { status: "True", message }), ...(since ? { since } : {}) };
}

function lacks(type: string, reason: string, message: string) {
  return condition(type, reason, { status: "False", message });
}

/** The answer of GET /api/status where all is well, of one credential. */
export const STATUS = {
  on: "2031-03-05T12:00:00.000Z",
  verdict: "healthy",
  conditions: [
    holds("TimerRuns", "timer-runs", "The timer runs", "2031-03-05T11:00:00.000Z"),
    holds("QueueClear", "queue-clear", "Nothing has failed for good"),
    holds("DeploymentsRead", "deployments-read", "All deployments are served"),
  ],
  engine: {
    timer: { ranOn: "2031-03-05T11:00:00.000Z", nextOn: "2031-03-05T12:00:00.000Z", silent: false },
    queue: { messages: 2, poisoned: 0 },
  },
  deployments: [
    {
      deployment: "openmetadata",
      on: "2031-03-05T12:00:00.100Z",
      verdict: "healthy",
      conditions: [
        holds("Ready", "ready", "Everything works, or merely waits its time"),
        holds("Provisioned", "provisioned", "Both registrations are there"),
        holds("Reachable", "reachable", "OpenMetadata 1.2.5 answers"),
        holds("Admitted", "admitted", 'The app is administrator "99999999-9999-4999-8999-999999999999"'),
        holds("Permitted", "permitted", "The app holds what rotation needs in Microsoft Graph"),
        holds("Hardened", "hardened", "No finding counts"),
      ],
      authority: "https://login.microsoftonline.com/77777777-7777-4777-8777-777777777777",
      identity: {
        objectId: "99999999-9999-4999-8999-999999999999",
        graphPermissions: { held: ["Application.ReadWrite.OwnedBy"], missing: [] },
      },
      registrations: {
        server: {
          found: true,
          clientId: "11111111-1111-4111-8111-111111111111",
          applicationObjectId: "22222222-2222-4222-8222-222222222222",
          servicePrincipalObjectId: "33333333-3333-4333-8333-333333333333",
          appIdUris: ["api://11111111-1111-4111-8111-111111111111"],
          redirectUris: { spa: ["https://openmetadata.example.com/callback"], web: [] },
        },
        ingestion: {
          found: true,
          clientId: "44444444-4444-4444-8444-444444444444",
          applicationObjectId: "55555555-5555-4555-8555-555555555555",
          servicePrincipalObjectId: "66666666-6666-4666-8666-666666666666",
          appIdUris: ["api://44444444-4444-4444-8444-444444444444"],
          redirectUris: { spa: [], web: [] },
        },
      },
      openMetadata: {
        url: "https://openmetadata.example.com",
        version: "1.2.5",
        bot: "ingestion-bot",
        botCredential: { kind: "sso", because: "OpenMetadata 1.2.5 signs bots in with Azure SSO" },
        obstacles: [],
        access: { user: "99999999-9999-4999-8999-999999999999", isAdmin: true },
      },
      drift: { findings: [], unread: [] },
      credentials: [
        {
          credential: "ingestion-client-secret",
          secret: "openmetadata-ingestion-client-secret",
          verdict: "healthy",
          conditions: [
            holds("Ready", "ready", "It signs in, as far as this app can see", "2031-03-05T09:00:00.000Z"),
            holds("Delivered", "verified", "Verified: its consumer was seen to have it", "2031-03-03T12:00:12.000Z"),
            lacks("Rotating", "settled", "Nothing is being replaced"),
            lacks("Blocked", "unblocked", "Nothing keeps it from being replaced"),
          ],
          current: {
            keyId: "88888888-8888-4888-8888-888888888888",
            version: "0123456789abcdef0123456789abcdef",
            enabled: true,
            storedOn: "2031-03-03T12:00:11.000Z",
            issuedOn: "2031-03-03T12:00:00.000Z",
            expiresOn: "2031-06-01T12:00:00.000Z",
            provenOn: "2031-03-03T12:00:10.000Z",
            deliveredOn: "2031-03-03T12:00:12.000Z",
            confirmedOn: "2031-03-03T12:15:12.000Z",
            checkedOn: "2031-03-05T09:00:00.000Z",
            delivery: "verified",
            stage: "confirmed",
            inEntra: true,
          },
          inEntra: {
            managed: [
              {
                keyId: "88888888-8888-4888-8888-888888888888",
                issuedOn: "2031-03-03T12:00:00.000Z",
                expiresOn: "2031-06-01T12:00:00.000Z",
              },
            ],
            foreign: 0,
          },
          plan: {
            stageOn: "2031-05-01T12:00:00.000Z",
            dueOn: "2031-05-02T12:00:00.000Z",
            retireOn: "2031-03-10T12:00:12.000Z",
          },
          later: [
            { kind: "issue", on: "2031-05-01T12:00:00.000Z", target: "openmetadata-ingestion-client-secret" },
            { kind: "promote", on: "2031-05-02T12:00:00.000Z", target: "openmetadata-ingestion-client-secret" },
          ],
        },
      ],
    },
  ],
};
