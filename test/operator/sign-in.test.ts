import { describe, expect, it } from "vitest";
import { reasonIn } from "../../operator/sign-in.ts";

/** As the SDK joins what its three credentials say. */
const chain = (cli: string): string =>
  [
    "ChainedTokenCredential authentication failed.",
    `CredentialUnavailableError: ${cli}`,
    "CredentialUnavailableError: Error: Unable to execute PowerShell. Ensure that it is installed in your system.",
    "CredentialUnavailableError: Azure Developer CLI couldn't be found.",
  ].join("\n");

describe("why there is no token", () => {
  it.each([
    [
      "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.",
      "the Azure CLI (az) is not installed here",
    ],
    [
      "Please run 'az login' from a command prompt to authenticate before using this credential.",
      "az is not signed in",
    ],
    [
      "ERROR: AADSTS500011: The resource principal was not found.",
      "AADSTS500011: The resource principal was not found.",
    ],
  ])("is told in one sentence: %s", (cli, reason) => {
    expect(reasonIn(chain(cli))).toBe(reason);
  });
});
