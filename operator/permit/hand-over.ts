import { type ApiIds, type Call, callOf, principalPath, registrationPath } from "./call.ts";
import { CONSENT, CONSENT_WARNING } from "./permissions.ts";
import type { Step } from "./steps.ts";

/** Shell variables for ids that exist only once an earlier line has run; both shells read them the same way. */
const VARIABLES: ApiIds = {
  objectId: "$API_OBJECT_ID",
  clientId: "$API_CLIENT_ID",
  principalId: "$API_PRINCIPAL_ID",
};

const VARIABLE = /\$API_(?:OBJECT|CLIENT|PRINCIPAL)_ID/g;

/** The directory role that suffices for a step (Microsoft Learn: "Microsoft Entra built-in roles"). */
function roleFor(step: Step): string {
  return step.kind === "assign-app-role" && step.on === "Microsoft Graph"
    ? "Privileged Role Administrator"
    : "Cloud Application Administrator";
}

function asksForConsent({ target }: Step): boolean {
  return CONSENT.some((permission) => target.startsWith(`${permission} of Microsoft Graph`));
}

/** What both shells call the cloud of a Microsoft Graph; the public one needs no name. */
const CLOUDS: Record<string, { azure: string; graph: string }> = {
  "https://graph.microsoft.us": { azure: "AzureUSGovernment", graph: "USGov" },
  "https://dod-graph.microsoft.us": { azure: "AzureUSGovernment", graph: "USGovDoD" },
  "https://microsoftgraph.chinacloudapi.cn": { azure: "AzureChinaCloud", graph: "China" },
};

/** What PowerShell's sign-in is to ask for (Microsoft Learn: "Grant an appRoleAssignment for a service principal", "Add owner"). */
function scopesFor(steps: readonly Step[]): string {
  const has = (kind: Step["kind"]): boolean => steps.some((step) => step.kind === kind);
  return [
    "Application.ReadWrite.All",
    ...(has("assign-app-role") ? ["AppRoleAssignment.ReadWrite.All"] : []),
    ...(has("add-owner") ? ["Directory.Read.All"] : []),
  ].join(", ");
}

interface Line {
  comment?: string;
  call?: Call;
  /** Reads a property of an object into a variable. */
  read?: { variable: string; path: string; property: string };
}

/** What to give to an administrator: the same steps as commands of the Azure CLI and of PowerShell. Holds no secret. */
export function handOver(
  steps: readonly Step[],
  { known, origin, tenantId }: { known: Partial<ApiIds>; origin: string; tenantId: string },
): string {
  const lines = steps.flatMap((step) => linesOf(step, { ...VARIABLES, ...known }, origin));
  const roles = [...new Set(steps.map(roleFor))];
  const cloud = CLOUDS[origin];
  const list = steps.map((step) => `- ${step.kind} ${step.target} (${step.because}): ${roleFor(step)}`);
  return [
    `For an administrator of the tenant ${tenantId}: ${roles.join(" and ")}.`,
    "These changes are missing, each with the Entra role that it needs:",
    ...list,
    "",
    // Whoever gets this text sees nothing else of what was said.
    ...(steps.some(asksForConsent) ? [CONSENT_WARNING] : []),
    "If a line answers that something does not exist or cannot be found, repeat it after a minute: Entra is still replicating",
    'what the line before created. A line that answers "already exists" is done.',
    "",
    "With the Azure CLI, in bash:",
    "",
    "```bash",
    ...(cloud ? [`az cloud set --name ${cloud.azure}`] : []),
    `az login --tenant ${tenantId} --allow-no-subscriptions`,
    ...lines.map((line) => azure(line, origin)),
    "```",
    "",
    "Or with PowerShell and the module Microsoft.Graph.Authentication:",
    "",
    "```powershell",
    `Connect-MgGraph ${cloud ? `-Environment ${cloud.graph} ` : ""}-TenantId ${tenantId} -Scopes ${scopesFor(steps)}`,
    ...lines.map((line) => powerShell(line, origin)),
    "```",
    "",
  ].join("\n");
}

function linesOf(step: Step, ids: ApiIds, origin: string): Line[] {
  const lines: Line[] = [{ comment: `${step.kind} ${step.target}` }, { call: callOf(step, ids, origin) }];
  if (step.kind === "create-registration") {
    const path = registrationPath(step.target);
    lines.push({ read: { variable: "API_OBJECT_ID", path, property: "id" } });
    lines.push({ read: { variable: "API_CLIENT_ID", path, property: "appId" } });
  }
  if (step.kind === "create-service-principal") {
    lines.push({ read: { variable: "API_PRINCIPAL_ID", path: principalPath(ids.clientId), property: "id" } });
  }
  return lines;
}

function azure({ comment, call, read }: Line, origin: string): string {
  if (comment !== undefined) return `# ${comment}`;
  const quoted = (path: string): string => `"${escaped(`${origin}/v1.0${path}`, "\\")}"`;
  if (read)
    return `${read.variable}=$(az rest --method GET --url ${quoted(read.path)} --query ${read.property} --output tsv)`;
  if (!call) return "";
  const headers = Object.entries(call.headers ?? {}).map(([name, value]) => ` --headers "${name}=${value}"`);
  // Single quotes keep JSON as it is, whatever a registration holds; a variable stands outside of them.
  const body = JSON.stringify(call.body).replaceAll("'", `'\\''`).replace(VARIABLE, `'"$&"'`);
  return `az rest --method ${call.method} --url ${quoted(call.path)}${headers.join("")} --body '${body}'`;
}

function powerShell({ comment, call, read }: Line, origin: string): string {
  if (comment !== undefined) return `# ${comment}`;
  const quoted = (path: string): string => `"${escaped(`${origin}/v1.0${path}`, "`")}"`;
  if (read) return `$${read.variable} = (Invoke-MgGraphRequest -Method GET -Uri ${quoted(read.path)}).${read.property}`;
  if (!call) return "";
  const headers = Object.entries(call.headers ?? {}).map(
    ([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`,
  );
  const given = headers.length > 0 ? ` -Headers @{ ${headers.join("; ")} }` : "";
  const body = escaped(JSON.stringify(call.body).replaceAll("`", "``"), "`");
  return `Invoke-MgGraphRequest -Method ${call.method} -Uri ${quoted(call.path)}${given} -ContentType "application/json" -Body @"\n${body}\n"@`;
}

/** A dollar that begins none of our variables means itself. */
function escaped(text: string, by: string): string {
  return text.replace(new RegExp(`(?!${VARIABLE.source})\\$`, "g"), () => `${by}$`);
}
