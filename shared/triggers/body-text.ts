import type { HttpRequest } from "@azure/functions";
import { InputError } from "../errors.ts";

/** No body of a call comes near; one of 100 MB would keep the process busy for seconds. In bytes. */
const LARGEST = 64 * 1024;

/**
 * Reads a body that is there. Azure Functions hands over an empty one where it was sent without a length (as
 * `Transfer-Encoding: chunked`), so nothing is ever taken for `{}`: a dry run that got lost would be a real one.
 * @throws {InputError} when it is missing, or too large.
 */
export async function bodyText(request: Pick<HttpRequest, "headers" | "text">): Promise<string> {
  const announced = request.headers.get("content-length");
  if (Number(announced) > LARGEST) throw tooLarge();
  const read = await request.text();
  // It may have come without a length, or with a wrong one.
  if (read.length > LARGEST) throw tooLarge();
  if (read.trim() !== "") return read;
  if (announced === null) {
    throw new InputError(
      "body-missing",
      "Cannot read the request body: no body arrived, and there is no Content-Length",
      {
        hint: "Send the body with a Content-Length: Azure Functions drops one that is sent in chunks. To use the defaults, send {}",
      },
    );
  }
  throw new InputError("body-missing", "Cannot read the request body: it is empty", {
    hint: "Send a JSON object; to use the defaults, send {}",
  });
}

function tooLarge(): InputError {
  return new InputError("body-too-large", `Cannot read the request body: it is larger than ${LARGEST / 1024} kB`, {
    hint: "Send the fields of the call and nothing else",
  });
}
