import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer that refuses the request, in the envelope of Azure Resource Manager: throw it. */
export function refusal(
  status: ContentfulStatusCode,
  { code, message }: { code: string; message: string },
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { message, res: Response.json({ error: { code, message } }, { status, headers }) });
}

/** 501 for what Azure Resource Manager could do and this stand-in cannot: no answer of the real service. */
export function notModelled(what: string): HTTPException {
  return refusal(501, { code: "NotModelled", message: `The local stand-in does not model ${what}.` });
}

/** 404 for a site that is not there. */
export function siteNotFound(name: string, resourceGroup: string): HTTPException {
  return refusal(404, {
    code: "ResourceNotFound",
    message: `The Resource 'Microsoft.Web/sites/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });
}

/** 409 while something else changes the site. Real ones were seen without the envelope too (`Code`, `Message`). */
export function siteBusy(): HTTPException {
  return refusal(409, {
    code: "Conflict",
    message: "Cannot modify this site because another operation is in progress.",
  });
}

/** 400 for an app setting that Flex Consumption does not take (the text of the issues named where it is thrown). */
export function invalidOnFlex(setting: string): HTTPException {
  return refusal(400, {
    code: "BadRequest",
    message: `The following app setting (Site.SiteConfig.AppSettings.${setting}) for Flex Consumption sites is invalid.  Please remove or rename it before retrying.`,
  });
}
