import type { Features } from "./features.ts";

/**
 * What a refusal is about: the web server itself (`path`), an entity or the caller's rights (`entity`), a body
 * (`body`), its single properties (`properties`), something that went wrong inside (`failure`), or a status alone.
 */
type About = "path" | "entity" | "body" | "properties" | "failure";

/** An answer that refuses the request: throw it. How it is worded depends on the release. */
export class Refusal extends Error {
  override name = "Refusal" as const;
  readonly status: number;
  readonly about: About;
  readonly errorType: string | undefined;
  constructor(status: number, message: string, { about, errorType }: { about: About; errorType?: string | undefined }) {
    super(message);
    this.status = status;
    this.about = about;
    this.errorType = errorType;
  }

  /** As a release with these words answers; without them as the newest do. */
  getResponse({ errors }: Pick<Features, "errors"> = { errors: "message" }): Response {
    const isOld = errors !== "message";
    if (this.about === "failure" || (isOld && (this.about === "path" || this.status === 500)))
      return thrown(this, errors);
    const { status, about, errorType } = this;
    const message = about === "properties" ? listed(this.message, errors) : this.message;
    // Odd, but so it is: everything that was looked up or judged says how to sign in, refused or not.
    const headers = about === "entity" ? { "WWW-Authenticate": "om-auth" } : {};
    return Response.json({ errorType, code: status, message }, { status, headers });
  }
}

/** Refuses for what the request is about, or who sent it. */
export function refusal(status: number, message: string, errorType?: string): Refusal {
  return new Refusal(status, message, { about: [401, 403, 404, 409].includes(status) ? "entity" : "body", errorType });
}

/** What went wrong inside the server, by the message of its exception. */
export function failure(message: string): Refusal {
  return new Refusal(500, message, { about: "failure" });
}

/** 400 for properties of a body, each with what it must be: `email must not be null`. */
export function badProperties(sentences: string[]): Refusal {
  return new Refusal(400, sentences.join("\n"), { about: "properties" });
}

/** 404 for an entity, for example `user instance for nobody not found`. */
export function notFound(type: "user" | "bot" | "ingestionPipeline" | "role" | "team", key: string): Refusal {
  return refusal(404, `${type} instance for ${key} not found`);
}

/** For a path that this release does not have: 404 as the web server gives it, which older releases make a 500 of. */
export function noSuchPath(): Refusal {
  return new Refusal(404, "HTTP 404 Not Found", { about: "path" });
}

function thrown({ message }: Refusal, errors: Features["errors"]): Response {
  const text = `An exception with message [${message}] was thrown while processing request.`;
  const errorType = errors === "responseMessage" ? undefined : "UNHANDLED_SERVER_EXCEPTION";
  if (errors !== "message") return Response.json({ responseMessage: text, errorType }, { status: 500 });
  return Response.json({ code: 500, errorType, message: text }, { status: 500 });
}

function listed(sentences: string, errors: Features["errors"]): string {
  const prefix = errors === "message" ? "query param " : "";
  return `[${sentences
    .split("\n")
    .map((sentence) => prefix + sentence)
    .join(", ")}]`;
}
