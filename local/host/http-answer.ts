import { setCookie } from "./cookies.ts";
import type { HttpData } from "./core-types.ts";
import type { Answer } from "./exchange.ts";

/** The answer for what an HTTP function returned; nothing returned is a 204. */
export function httpAnswer(method: string, response: HttpData | undefined): Answer {
  if (!response) return { status: 204 };
  const headers = Object.entries(response.headers ?? {});
  const cookies = (response.cookies ?? []).map((cookie): [string, string] => ["set-cookie", setCookie(cookie)]);
  const body = response.body?.bytes ?? new Uint8Array();
  const announced = response.headers?.["content-length"];
  // Kestrel notices a wrong length only when the body has been sent, and gives up the connection.
  if (method !== "HEAD" && announced !== undefined && Number(announced) !== body.length) {
    return { status: 500, close: true };
  }
  return {
    status: Number(response.statusCode ?? 200),
    headers: [...headers, ...cookies],
    ...(body.length > 0 ? { body } : {}),
  };
}
