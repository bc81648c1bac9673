import { parseArgs } from "node:util";
import { describe, expect, it } from "vitest";
import type { Need } from "../../operator/conformance/case.ts";
import * as conformance from "../../operator/conformance/options.ts";
import * as doctor from "../../operator/doctor/options.ts";
import * as permit from "../../operator/permit/options.ts";

const ID = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const GROUP = "/subscriptions/1/resourceGroups/rg/providers";
const TOPIC = `${GROUP}/Microsoft.EventGrid/systemTopics/evgst`;
const ACCOUNT = `${GROUP}/Microsoft.Storage/storageAccounts/st`;
const VAULT = `${GROUP}/Microsoft.KeyVault/vaults/kv`;
const read = {
  permit: (args: string[]) => permit.faultIn(parseArgs({ args, options: permit.options }).values),
  conformance: (args: string[]) => conformance.faultIn(parseArgs({ args, options: conformance.options }).values),
  doctor: (args: string[]) => doctor.faultIn(parseArgs({ args, options: doctor.options, allowPositionals: true })),
};

describe("the options that make no sense", () => {
  it.each<[command: keyof typeof read, line: string, says: string]>([
    ["permit", "--identity me", '"me" is not an ID'],
    ["permit", "--consent", "need --identity"],
    ["permit", `--own ${ID}`, "need --identity"],
    ["permit", `--no-api --runner ${ID}`, "--no-api"],
    ["permit", "--api a'b", "--api takes"],
    ["permit", "--dry-run --hand-over", "not both"],
    ["doctor", "", "Give the app's address"],
    ["doctor", "http://app.example.com", "Give the app's address"],
    ["doctor", "https://user@app.example.com", "Give the app's address"],
    ["doctor", "https://app.example.com/api", "Give the app's address"],
    ["doctor", "https://app.example.com more", "Unexpected argument"],
    ["doctor", "https://app.example.com --vault kv", "--vault takes a resource id"],
    ["doctor", "https://app.example.com --app func", "--app takes a resource id"],
    ["conformance", "--only nothing", 'no case "nothing"'],
    ["conformance", "--vault kv", "--vault takes"],
    ["conformance", "--site om", "--site takes a resource id"],
    ["conformance", "--prefix X", "--prefix takes"],
    ["conformance", "--prefix a--b", "--prefix takes"],
    ["conformance", `--prefix ${"a".repeat(41)}`, "--prefix takes"],
    ["conformance", `--app ${GROUP}/Microsoft.KeyVault/vaults/kv`, "--app takes a resource id"],
    ["conformance", `--topic ${TOPIC}/eventSubscriptions/x`, "--topic takes a resource id"],
    ["conformance", `--subscribe ${ACCOUNT}`, "--subscribe needs --vault and --topic"],
    ["conformance", `--assign ${VAULT}`, "--assign needs --vault"],
    ["conformance", "--settings", "--settings needs --app"],
    ["conformance", "--signed-in", "--signed-in needs --app"],
    ["conformance", `--assign ${VAULT} --vault https://other.vault.azure.net`, "two vaults"],
  ])("of %s: %s", (command, line, says) => {
    expect(read[command](line.split(" ").filter(Boolean))).toContain(says);
  });

  it.each<[command: keyof typeof read, line: string]>([
    ["permit", ""],
    ["permit", `--identity ${ID} --consent --policies --own ${ID} --runner ${ID} --reader ${ID} --dry-run`],
    ["doctor", "https://app.azurewebsites.net/"],
    ["conformance", "--vault https://kv.vault.azure.net --only vault-set --only graph-owners-bind"],
    [
      "conformance",
      `--vault https://kv.vault.azure.net --topic ${TOPIC} --subscribe ${ACCOUNT} --assign ${VAULT} --directory-role`,
    ],
  ])("are not these of %s: %s", (command, line) => {
    expect(read[command](line.split(" ").filter(Boolean))).toBeUndefined();
  });
});

describe("what conformance may use", () => {
  const given = {
    vault: "--vault https://kv.vault.azure.net",
    site: `--site ${GROUP}/Microsoft.Web/sites/om`,
    event: "--event file.json",
    consent: "--consent",
    app: `--app ${GROUP}/Microsoft.Web/sites/func`,
    topic: `--topic ${TOPIC}`,
    subscribe: `--subscribe ${ACCOUNT}`,
    assign: `--assign ${VAULT}`,
    settings: "--settings",
    "signed-in": "--signed-in",
    "directory-role": "--directory-role",
  } satisfies Record<Need, string>;

  it.each(Object.entries(given))("is %s where it is asked for, and nothing else", (need, line) => {
    const { values } = parseArgs({ args: line.split(" "), options: conformance.options });
    expect(conformance.wanted(values).offered).toEqual([need]);
    expect(conformance.HELP).toMatch(new RegExp(`^  --${need} `, "m"));
  });
});
