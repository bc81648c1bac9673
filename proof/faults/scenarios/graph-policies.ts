import type { PasswordRestriction } from "../../../local/cloud/directory/policies.ts";
import { DAY } from "../../../shared/limits.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const SOURCE = "KelvinTegelaar/CIPP-API#1970; Microsoft Learn: application management policies";

/** Policies of the tenant that forbid, or limit, client secrets and App ID URIs. */
export const GRAPH_POLICIES: Scenario[] = [
  {
    fault: 11,
    variant: "no secrets",
    title: "A policy of the tenant forbids client secrets",
    source: SOURCE,
    injected: "passwordAddition is enabled in the default policy until an administrator exempts the application",
    from: "provisioned",
    repeats: { path: "rotate" },
    async play(scene) {
      restrict(scene, { restrictionType: "passwordAddition" });
      const { status } = await scene.post("rotate");
      scene.verify("refused before anything was written", status === 409 && writesOf(scene) === 0);
      unrestrict(scene);
    },
  },
  {
    fault: 11,
    variant: "unseen",
    title: "The same where the app may not read policies",
    source: SOURCE,
    injected: "passwordAddition is enabled, and the identity lacks Policy.Read.All",
    from: "provisioned",
    given: {
      graphPermissions: [
        "Application.ReadWrite.OwnedBy",
        "DelegatedPermissionGrant.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "Application.Read.All",
      ],
    },
    repeats: { path: "rotate" },
    async play(scene) {
      restrict(scene, { restrictionType: "passwordAddition" });
      const { status } = await scene.post("rotate");
      scene.verify(
        "explained Entra's refusal; no orphan was born",
        status === 409 && scene.truth.managed().length === 0,
      );
      unrestrict(scene);
    },
  },
  {
    fault: 11,
    variant: "60 days",
    title: "A policy caps the life of client secrets",
    source: SOURCE,
    injected: "passwordLifetime allows 60 days, fewer than the settings ask for",
    from: "due",
    async play(scene) {
      restrict(scene, { restrictionType: "passwordLifetime", maxLifetime: "P60D" });
      const began = scene.clock.now().getTime();
      await scene.run();
      const expiresOn = scene.truth.current()?.expiresOn?.getTime() ?? 0;
      scene.verify(
        "issued one that lives as long as allowed",
        expiresOn > began + 59 * DAY && expiresOn < began + 61 * DAY,
      );
      unrestrict(scene);
    },
  },
  {
    fault: 11,
    variant: "20 days",
    title: "A policy caps the life of client secrets below the time of renewal",
    source: SOURCE,
    injected: "passwordLifetime allows 20 days; a secret is renewed 30 days before it expires",
    from: "provisioned",
    repeats: { path: "rotate" },
    async play(scene) {
      restrict(scene, { restrictionType: "passwordLifetime", maxLifetime: "P20D" });
      const { status } = await scene.post("rotate");
      scene.verify("refused before anything was written", status === 409 && writesOf(scene) === 0);
      unrestrict(scene);
    },
  },
  {
    fault: 11,
    variant: "own values",
    title: "A policy forbids secrets whose values are chosen by the caller",
    source: SOURCE,
    injected: "customPasswordAddition is enabled",
    from: "due",
    async play(scene) {
      restrict(scene, { restrictionType: "customPasswordAddition" });
      await scene.run();
      scene.verify("is not concerned: Entra chooses the values", scene.issued() === 1);
      unrestrict(scene);
    },
  },
  {
    fault: 11,
    variant: "App ID URI",
    title: "A policy restricts App ID URIs",
    source: "Microsoft Learn: Restrictions on identifier URIs of Microsoft Entra applications",
    injected: "nonDefaultUriAddition is enabled, for applications with tokens of version 2 too",
    from: "empty",
    repeats: { path: "provision" },
    async play(scene) {
      const { identifierUris } = scene.cloud.directory.policies.tenant.applicationRestrictions;
      identifierUris.nonDefaultUriAddition = { ...identifierUris.nonDefaultUriAddition, state: "enabled" };
      identifierUris.nonDefaultUriAddition.excludeAppsReceivingV2Tokens = false;
      const { status } = await scene.post("provision");
      scene.verify("uses api://<client id>, which every policy allows", status === 200);
    },
  },
];

function restrict(
  { cloud }: Scene,
  restriction: Pick<PasswordRestriction, "restrictionType"> & Partial<PasswordRestriction>,
) {
  cloud.directory.policies.tenant.applicationRestrictions.passwordCredentials = [
    { state: "enabled", maxLifetime: null, restrictForAppsCreatedAfterDateTime: null, ...restriction },
  ];
}

function unrestrict({ cloud }: Scene): void {
  cloud.directory.policies.tenant.applicationRestrictions.passwordCredentials = [];
}

function writesOf(scene: Scene): number {
  return scene.writes("graph").length + scene.writes("key-vault").length;
}
