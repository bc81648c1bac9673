import { type Case, expect, expectSeen, items, record } from "../case.ts";
import { look } from "../look.ts";

const LIST = "/config/configreferences/appsettings";
const API = "?api-version=2023-12-01";

/** Key Vault references of an App Service that exists; nothing of it is changed. */
export const REFERENCES: Case[] = (
  [
    {
      id: "references-list",
      claim: "each reference has its text, a status, and the names of vault and secret, and never the value",
      async run({ arm, named }) {
        const seen = await arm("GET", `${named("site")}${LIST}${API}`);
        expectSeen(seen, { status: 200 });
        const all = items(seen.json).map((one) => record(one.properties));
        expect(all.length > 0, "the site has no Key Vault reference to look at");
        for (const one of all) {
          const missing = ["reference", "status", "vaultName", "secretName"].filter(
            (name) => typeof one[name] !== "string",
          );
          expect(missing.length === 0, `one has no ${missing.join(", ")}`);
          expect(!("value" in one), "one shows a value");
        }
        return `${all.map(({ status }) => status).join(" ")}; properties ${Object.keys(all[0] ?? {})
          .sort()
          .join(" ")}`;
      },
    },
    {
      id: "references-version",
      claim: "a reference that is resolved names the version that is in use",
      async run({ arm, named }) {
        const all = items(await look(arm, `${named("site")}${LIST}${API}`)).map((one) => record(one.properties));
        const resolved = all.filter(({ status }) => status === "Resolved");
        expect(resolved.length > 0, "no reference is resolved");
        expect(
          resolved.every(({ activeVersion }) => typeof activeVersion === "string"),
          "one has no activeVersion",
        );
        return undefined;
      },
    },
    {
      id: "references-refresh-action",
      claim: "the right to refresh references is the action Microsoft.Web/sites/config/refresh/action",
      async run({ arm }) {
        const path =
          "/providers/Microsoft.Authorization/providerOperations/Microsoft.Web?api-version=2022-04-01&$expand=resourceTypes";
        const provider = await look(arm, path, "a role anywhere");
        const names = items(provider, "resourceTypes")
          .flatMap((type) => items(type, "operations"))
          .map(({ name }) => String(name));
        expect(names.length > 0, "no action is told");
        const near = names.filter((name) => /\/sites\/config.*refresh/i.test(name));
        expect(
          near.some((name) => name.toLowerCase() === "microsoft.web/sites/config/refresh/action"),
          `there is ${near.join(", ") || "none with refresh in it"}`,
        );
        return near.join(", ");
      },
    },
    {
      id: "references-absent",
      claim: "a setting that is not there is a 404 among the references",
      async run({ arm, named }) {
        expectSeen(await arm("GET", `${named("site")}${LIST}/CONFORMANCE_IS_NOT_SET${API}`), { status: 404 });
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["site"] }));
