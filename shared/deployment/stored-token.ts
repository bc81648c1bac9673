/** Where a token of OpenMetadata is kept that the app signs in with instead of its own from Entra. */
export interface StoredToken {
  /** Name of the vault. */
  vault: string;
  secret: string;
}

/** What to do where its owner is no administrator of the server, or is not let in. */
export function storeAdminTokenHint(stored: StoredToken): string {
  return `Store the token of an administrator's bot in the vault secret "${stored.secret}"; this asks for it:\n${storeTokenCommand(stored)}`;
}

/** The line that stores another one. It asks for the token, which so stands in no list of processes and no history. */
export function storeTokenCommand({ vault, secret }: StoredToken): string {
  return `read -rs TOKEN && printf %s "$TOKEN" | az keyvault secret set --vault-name ${vault} --name ${secret} --file /dev/stdin --encoding utf-8 --output none`;
}
