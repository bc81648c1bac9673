import type { HttpCookie } from "./core-types.ts";

/** The `Set-Cookie` value that ASP.NET Core makes of a cookie: its order of attributes, `path=/` when none is given. */
export function setCookie(cookie: HttpCookie): string {
  const { domain, path, expires, secure, httpOnly, sameSite, maxAge } = cookie;
  const attributes = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires?.value && `expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge?.value !== undefined && `max-age=${Math.floor(maxAge.value)}`,
    domain?.value && `domain=${domain.value}`,
    `path=${path?.value ?? "/"}`,
    secure?.value && "secure",
    sameSite && sameSite !== "none" && `samesite=${sameSite === "explicitNone" ? "none" : sameSite}`,
    httpOnly?.value && "httponly",
  ];
  return attributes.filter((attribute) => attribute).join("; ");
}
