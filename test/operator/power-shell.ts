import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** PowerShell 7 of this machine; undefined where there is none. */
export const POWER_SHELL = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "pwsh"))
  .find((file) => existsSync(file));

/** For the name of a test: why it is skipped. */
export const WITHOUT_POWER_SHELL = POWER_SHELL ? "" : " (skipped: there is no pwsh)";

/**
 * What the module Microsoft.Graph.Authentication does with a request, as far as it is needed: it sends the token of whoever
 * is signed in, and answers a hashtable.
 */
const MODULE = `
$ErrorActionPreference = "Stop"
function Connect-MgGraph { param([string] $TenantId, [string[]] $Scopes) "signed in: $Scopes" }
function Invoke-MgGraphRequest {
  param([string] $Method, [string] $Uri, [System.Collections.IDictionary] $Headers = @{}, [string] $ContentType, $Body)
  $Headers["Authorization"] = "Bearer $env:LOCAL_TOKEN"
  $given = if ($Body) { @{ Body = $Body; ContentType = $ContentType } } else { @{} }
  $answer = Invoke-WebRequest -Method $Method -Uri $Uri -Headers $Headers @given -SkipCertificateCheck
  if ($answer.Content) { $answer.Content | ConvertFrom-Json -AsHashtable }
}
`;

/** Arguments by which PowerShell runs a script in which that module is there. */
export function withGraphModule(script: string): string[] {
  return ["-NoProfile", "-NonInteractive", "-Command", `${MODULE}\n${script}`];
}
