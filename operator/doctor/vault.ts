import { z } from "zod";
import type { AzureResources } from "./azure-resources.ts";
import { type Finding, notice, ok, red, unseen } from "./finding.ts";

const vault = z.object({
  properties: z.object({
    vaultUri: z.string(),
    enableRbacAuthorization: z.boolean().nullish(),
    enablePurgeProtection: z.boolean().nullish(),
  }),
});
const assignment = z.object({ properties: z.object({ roleDefinitionId: z.string(), scope: z.string() }) });
const definition = z.object({
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(
      z.object({ dataActions: z.array(z.string()).default([]), notDataActions: z.array(z.string()).default([]) }),
    ),
  }),
});
export type RoleDefinition = z.output<typeof definition>["properties"];

/** What the app does with secrets, by the data actions of Azure RBAC. */
const NEEDED = ["getSecret", "setSecret", "readMetadata", "update"].map(
  (one) => `Microsoft.KeyVault/vaults/secrets/${one}/action`,
);

/** Metadata of the vault and of role assignments on it; no secret is read. */
export async function lookAtVault(
  azure: AzureResources,
  { vaultId, identity, vaultUrl }: { vaultId: string; identity: string | undefined; vaultUrl: string | undefined },
): Promise<Finding[]> {
  const found = await azure.read(vaultId, "2026-02-01", vault);
  if (!found) return [unseen("vault", `you may not read ${vaultId}`, "Ask as a Reader of the vault")];
  const { vaultUri, enableRbacAuthorization, enablePurgeProtection } = found.properties;
  const findings: Finding[] = [];
  const same = vaultUrl === undefined || new URL(vaultUrl).host === new URL(vaultUri).host;
  if (!same)
    findings.push(
      red(
        "vault",
        `the app uses a different vault, ${vaultUrl}`,
        "Pass that vault's resource ID as --vault, or correct KEY_VAULT_URL",
      ),
    );
  if (!enableRbacAuthorization)
    findings.push(
      red(
        "vault",
        "it uses access policies instead of Azure roles",
        "Set enableRbacAuthorization once everybody who reads it has a role",
      ),
    );
  if (!enablePurgeProtection)
    findings.push(notice("vault", "deleted secrets can be purged at once", "Set enablePurgeProtection"));
  if (identity === undefined)
    return [...findings, unseen("vault", "the app does not report its identity, so its rights are unknown")];
  return [...findings, await judgeRights(azure, vaultId, identity)];
}

async function judgeRights(azure: AzureResources, vaultId: string, identity: string): Promise<Finding> {
  const query = { $filter: `assignedTo('${identity}')` };
  const path = `${vaultId}/providers/Microsoft.Authorization/roleAssignments`;
  const assigned = await azure.list(path, "2022-04-01", assignment, query);
  if (!assigned) return unseen("vault", "you may not read its role assignments", "Ask as a Reader of the vault");
  const roles = await Promise.all(
    assigned.map(({ properties }) => azure.read(properties.roleDefinitionId, "2022-04-01", definition)),
  );
  return judgeRoles(
    roles.flatMap((role) => (role ? [role.properties] : [])),
    { vaultId, identity },
  );
}

/** Pure. */
export function judgeRoles(
  roles: readonly RoleDefinition[],
  { vaultId, identity }: { vaultId: string; identity: string },
): Finding {
  const missing = NEEDED.filter((action) => !roles.some((role) => role.permissions.some((one) => covers(one, action))));
  const names = roles.map(({ roleName }) => `"${roleName}"`).join(", ") || "no role";
  if (missing.length === 0) return ok("vault", `the identity may read and write secrets (${names})`);
  const command = `az role assignment create --role "Key Vault Secrets Officer" --assignee-object-id ${identity} --assignee-principal-type ServicePrincipal --scope ${vaultId}`;
  return red(
    "vault",
    `the identity has ${names}, and lacks ${missing.join(", ")}`,
    `${command} (takes effect within ten minutes)`,
  );
}

function covers({ dataActions, notDataActions }: RoleDefinition["permissions"][number], action: string): boolean {
  const fits = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .split("*")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
      "i",
    ).test(action);
  return dataActions.some(fits) && !notDataActions.some(fits);
}
