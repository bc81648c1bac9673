import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { handOver } from "../../operator/permit/hand-over.ts";
import { certificate } from "../local/identity-world.ts";
import { openShell, type Shell } from "./azure-cli.ts";
import { everything, openTenant, type Tenant } from "./permit-world.ts";
import { POWER_SHELL, WITHOUT_POWER_SHELL, withGraphModule } from "./power-shell.ts";

let tenant: Tenant;
let shell: Shell;
beforeEach(async () => {
  tenant = await openTenant();
  shell = await openShell({ token: tenant.admin.token, certificate: certificate.cert, env: {} });
});
afterEach(async () => {
  await shell.close();
  await tenant.close();
});

function block(text: string, language: string): string {
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";
}

/** The child knows no names under .localhost. */
const reachable = (text: string): string => text.replaceAll("graph.localhost", "localhost");

describe("the hand-over", () => {
  it("does the same as the command, typed into a shell by an administrator", async () => {
    const { handOver: text = "" } = await tenant.run(everything(tenant), "hand-over");
    const ended = await shell.run("bash", ["-euc", reachable(block(text, "bash"))]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect((await tenant.run(everything(tenant))).steps).toEqual([]);
  });

  it.skipIf(!POWER_SHELL)(
    `does the same, typed into PowerShell by an administrator${WITHOUT_POWER_SHELL}`,
    async () => {
      const { handOver: text = "" } = await tenant.run(everything(tenant), "hand-over");
      const ended = await shell.run(POWER_SHELL ?? "", withGraphModule(reachable(block(text, "powershell"))));
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      expect(ended.stdout).toContain(
        "signed in: Application.ReadWrite.All AppRoleAssignment.ReadWrite.All Directory.Read.All",
      );
      expect((await tenant.run(everything(tenant))).steps).toEqual([]);
    },
    60_000,
  );

  it("says in PowerShell what it says for the Azure CLI", async () => {
    const { handOver: text = "" } = await tenant.run(everything(tenant), "hand-over");
    const azure = [
      ...block(text, "bash").matchAll(
        /^az rest --method (\w+) --url "(.*?)"(?: --headers "(.*?)=(.*?)")? --body '(.*)'$/gm,
      ),
    ];
    const posh = [
      ...block(text, "powershell").matchAll(
        /^Invoke-MgGraphRequest -Method (\w+) -Uri "(.*?)"(?: -Headers @{ "(.*?)" = "(.*?)" })? -ContentType "application\/json" -Body @"\n(.*)\n"@$/gm,
      ),
    ];
    expect(azure).toHaveLength(7);
    const plain = (one: RegExpMatchArray) =>
      one.slice(1).map((part) => part?.replace(/[\\`](?=\$ref)/, "").replace(/'"(\$\w+)"'/g, "$1"));
    expect(posh.map(plain)).toEqual(azure.map(plain));
  });

  it("lets nothing that a registration holds out of its quotes", async () => {
    const kept = ["api://x'; touch pwned; '", "$(touch pwned)", "`touch pwned`"];
    const known = { objectId: "id", clientId: "client" };
    const text = handOver([{ kind: "set-app-id-uri", because: "b", target: "api", kept }], {
      known,
      origin: "https://x",
      tenantId: "t",
    });
    const line =
      block(text, "bash")
        .split("\n")
        .find((one) => one.startsWith("az rest")) ?? "";
    const { stdout } = await shell.run("bash", ["-c", `az() { printf '%s\\n' "$@"; }\n${line}`]);
    expect(stdout.split("\n")).toContain(JSON.stringify({ identifierUris: [...kept, "api://client"] }));
    expect(block(text, "powershell")).toContain("`$(touch pwned)");
    expect(block(text, "powershell")).toContain("``touch pwned``");
    if (!POWER_SHELL) return;
    const body = block(text, "powershell").split("-Body ")[1] ?? "";
    const posh = await shell.run(POWER_SHELL, ["-NoProfile", "-NonInteractive", "-Command", `Write-Output ${body}`]);
    expect(posh.stdout.trim()).toBe(JSON.stringify({ identifierUris: [...kept, "api://client"] }));
  }, 60_000);

  it("goes to the cloud of its Graph", () => {
    const steps = [{ kind: "require-assignment", because: "b", target: "api" } as const];
    const told = (origin: string) => handOver(steps, { known: { principalId: "p" }, origin, tenantId: "t" });
    expect(told("https://graph.microsoft.us")).toContain("az cloud set --name AzureUSGovernment\naz login --tenant t");
    expect(told("https://graph.microsoft.us")).toContain(
      "Connect-MgGraph -Environment USGov -TenantId t -Scopes Application.ReadWrite.All\n",
    );
    expect(told("https://graph.microsoft.com")).not.toMatch(/az cloud|-Environment/);
  });
});

describe("npm run permit", () => {
  const command = (args: string[]) => shell.run("node", ["operator/permit/main.ts", ...args]);
  const at = async (token: string | undefined) => {
    await shell.close();
    const env = { GRAPH_URL: reachable(tenant.graphUrl) };
    shell = await openShell({ token, certificate: certificate.cert, env });
  };

  it("signs in as the Azure CLI is, says each change, and ends with what the app must be told", async () => {
    await at(tenant.admin.token);
    const ended = await command(["--identity", tenant.app.objectId]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain(`tenant ${tenant.directory.tenantId}`);
    expect(ended.stdout).toContain(
      "done     assign-app-role          Application.ReadWrite.OwnedBy of Microsoft Graph to id-openmetadata",
    );
    expect(ended.stdout).toContain(`API_AUDIENCE=${tenant.registration()?.appId}`);
    expect(ended.stdout).not.toContain(tenant.admin.token);
  });

  it("warns before it grants what amounts to an administrator, and answers JSON on request", async () => {
    await at(tenant.admin.token);
    const ended = await command(["--identity", tenant.app.clientId, "--consent", "--dry-run", "--json"]);
    expect(ended.stderr).toContain("Global Administrator");
    expect(
      JSON.parse(ended.stdout).steps.filter(({ kind }: { kind: string }) => kind === "assign-app-role"),
    ).toHaveLength(4);
  });

  it("ends with 1 and a hand-over where it is refused", async () => {
    await at(tenant.reader.token);
    const ended = await command(["--identity", tenant.app.objectId, "--no-api"]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain("Connect-MgGraph");
  });

  it("says how to sign in where nobody is", async () => {
    await at(undefined);
    expect(await command([])).toMatchObject({ code: 1, stderr: expect.stringContaining("az login") });
  });

  it("explains itself, and refuses options that make no sense before it signs in", async () => {
    expect(await command(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("npm run permit") });
    expect(await command(["--colour"])).toMatchObject({ code: 2, stdout: "" });
  });
});
