import type { SecretReference } from "./desired.ts";

/** The command that prints a secret's value, for use inside other commands. */
export function readFromVault({ vaultUri }: SecretReference): string {
  return `az keyvault secret show --id ${vaultUri} --query value --output tsv`;
}

/** The command that puts a secret into the variable that stands for it. */
export function exportAs(variable: string, reference: SecretReference): string {
  return `  export ${variable}="$(${readFromVault(reference)})"`;
}
