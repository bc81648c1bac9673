const text = { type: "string", minLength: 1 };
const whole = { type: "integer" };

/**
 * Shapes that are documented in prose but published in no schema, as little of each as a client relies on.
 * OpenMetadata: its REST documentation and answers; OpenID Connect Discovery 1.0; RFC 7517; RFC 6902;
 * Microsoft Learn: "Endpoint validation with Event Grid event schema", "Key Vault REST API error codes".
 */
export const SHAPES = {
  $defs: {
    version: {
      type: "object",
      properties: { version: text, revision: text, timestamp: whole },
      required: ["version", "revision", "timestamp"],
      additionalProperties: false,
    },
    error: {
      type: "object",
      properties: { code: whole, message: { type: "string" }, errorType: text },
      required: ["code", "message"],
    },
    deployment: {
      type: "object",
      properties: { code: whole, reason: { type: "string" }, platform: text, version: text },
      required: ["code"],
    },
    ids: { type: "array", items: { type: "string", format: "uuid" } },
    list: {
      type: "object",
      properties: { data: { type: "array" }, paging: { type: "object" } },
      required: ["data", "paging"],
    },
    jsonPatch: {
      type: "array",
      items: {
        type: "object",
        properties: {
          op: { enum: ["add", "remove", "replace", "move", "copy", "test"] },
          path: { type: "string", pattern: "^(/|$)" },
          from: { type: "string" },
          value: {},
        },
        required: ["op", "path"],
        additionalProperties: false,
      },
    },
    keys: {
      type: "object",
      properties: {
        keys: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            properties: { kid: text, kty: { const: "RSA" }, n: text, e: text },
            required: ["kid", "kty", "n", "e"],
          },
        },
      },
      required: ["keys"],
    },
    openidConfiguration: {
      type: "object",
      properties: { issuer: text, jwks_uri: text, token_endpoint: text },
      required: ["issuer", "jwks_uri"],
    },
    oauthError: {
      type: "object",
      properties: { error: text, error_description: text },
      required: ["error", "error_description"],
    },
    vaultError: {
      type: "object",
      properties: {
        error: { type: "object", properties: { code: text, message: text }, required: ["code", "message"] },
      },
      required: ["error"],
    },
    handshake: {
      type: "array",
      minItems: 1,
      maxItems: 1,
      items: {
        type: "object",
        properties: {
          id: text,
          topic: { type: "string" },
          subject: { type: "string" },
          eventType: { const: "Microsoft.EventGrid.SubscriptionValidationEvent" },
          eventTime: { type: "string", format: "date-time" },
          data: { type: "object", properties: { validationCode: text }, required: ["validationCode"] },
          dataVersion: text,
        },
        required: ["id", "topic", "subject", "eventType", "eventTime", "data", "dataVersion"],
      },
    },
    handshakeAnswer: {
      type: "object",
      properties: { validationResponse: text },
      required: ["validationResponse"],
    },
  },
};
