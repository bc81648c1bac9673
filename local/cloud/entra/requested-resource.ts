import type { Directory } from "../directory/create-directory.ts";
import type { Resource } from "../directory/resources.ts";
import { refuse } from "./refusal.ts";

const SUFFIX = "/.default";

/** The resource that a scope names: client credentials take `<resource>/.default` and nothing else. */
export function resourceOfScope(directory: Directory, scope: string): Resource {
  const words = scope.split(/\s+/).filter((word) => word !== "");
  const [first = "", ...more] = words;
  if (words.length > 1 && words.every((word) => word.endsWith(SUFFIX))) {
    throw refuse(
      700022,
      `The provided value for the input parameter scope '${scope}' is not valid because it contains more than one resource.`,
    );
  }
  if (more.length > 0) {
    throw refuse(
      70011,
      `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    );
  }
  if (!first.endsWith(SUFFIX)) {
    throw refuse(
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return requireResource(directory, first.slice(0, -SUFFIX.length));
}

/** The resource with a name of any kind, or 500011. */
export function requireResource(directory: Directory, name: string): Resource {
  const resource = directory.findResource(name);
  if (resource) return resource;
  throw refuse(
    500011,
    `The resource principal named ${name} was not found in the tenant named ${directory.tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  );
}
