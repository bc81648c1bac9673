import * as z from "zod";
import { hardenAnswer } from "../hygiene/answer.ts";
import { hardenRequest } from "../hygiene/request.ts";
import { problemCode, waitingCode } from "../problems/schemas.ts";
import { consentAnswer, provisionAnswer, registrations } from "../registration/answer.ts";
import { registrationRequest } from "../registration/request.ts";
import { rotateAnswer } from "../rotation/answer.ts";
import { rotationRequest } from "../rotation/request.ts";
import {
  botToken,
  clientSecret,
  condition,
  deployment,
  engine,
  finding,
  statusAnswer,
  unread,
  verdict,
} from "../status/answer.ts";
import { problemNames, problems, waitingAnswer } from "./problems.ts";

type Named = Record<string, z.ZodType>;

/** The schemas by which request bodies are checked, by the names that a client has for them. */
const REQUESTS: Named = {
  RegistrationRequest: registrationRequest,
  RotateRequest: rotationRequest,
  HardenRequest: hardenRequest,
};

/** The schemas that answers are held to. */
const ANSWERS: Named = {
  ProvisionAnswer: provisionAnswer,
  Registrations: registrations,
  ConsentAnswer: consentAnswer,
  RotateAnswer: rotateAnswer,
  HardenAnswer: hardenAnswer,
  StatusAnswer: statusAnswer,
  Verdict: verdict,
  Condition: condition,
  Finding: finding,
  Unread: unread,
  Engine: engine,
  Deployment: deployment,
  ClientSecret: clientSecret,
  BotToken: botToken,
  Waiting: waitingAnswer,
  ProblemCode: problemCode,
  WaitingCode: waitingCode,
  ...Object.fromEntries(problems.map(({ status, schema }) => [problemNames(status), schema])),
};

/** Where a named schema stands in the document. */
export function refTo(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** What an answer is held to. @throws where no schema has this name. */
export function answerSchema(name: string): z.ZodType {
  const schema = ANSWERS[name];
  if (!schema) throw new Error(`No schema is called ${name}`);
  return schema;
}

/** All of them as JSON Schema, by name. Answers may get more fields with time; what is sent may not have others. */
export function namedSchemas(): Record<string, object> {
  return { ...jsonSchemas(REQUESTS, "input"), ...jsonSchemas(ANSWERS, "output") };
}

function jsonSchemas(named: Named, io: "input" | "output"): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => refTo(id).$ref,
    override({ jsonSchema }) {
      if (io === "output") delete jsonSchema.additionalProperties;
      // `format` says the same in one word.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([name, { $schema, $id, ...schema }]) => [name, schema]));
}
