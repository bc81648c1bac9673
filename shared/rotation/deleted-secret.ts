/** What a person does about a vault secret that was deleted and still keeps its name. */
export function deletedSecretHint(name: string): string {
  return `Recover the secret, or purge it, then call again; VAULT is the name of the vault:\naz keyvault secret recover --vault-name VAULT --name ${name}`;
}
