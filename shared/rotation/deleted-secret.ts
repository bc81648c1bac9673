/** What a person does about a vault secret that was deleted and still keeps its name. */
export function deletedSecretHint(vault: string, name: string): string {
  return `Recover the secret, or purge it, then call again:\naz keyvault secret recover --vault-name ${vault} --name ${name}`;
}
