import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import type { PlatformConfig } from "../../../infra/config";
import { newAuthority } from "../../../local/node/certificates";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { run } from "../../support/platformRun";

describe("the platform with Argo CD", () => {
  const machine = aMachine();

  const config = (oidc: Partial<NonNullable<PlatformConfig["oidc"]>>): PlatformConfig =>
    aConfig({
      gitops: { engine: "argocd", crds: { kind: "installed" }, services: false, codeOwners: [] },
      ingress: {
        kind: "gateway",
        domain: "platform.test",
        class: "terp",
        replicas: 1,
        crds: { kind: "installed" },
      },
      oidc: {
        issuer: "https://login.test",
        clientId: "kubernetes",
        scopes: ["groups"],
        groups: {},
        clients: { argocd: { clientId: "argocd" } },
        ...oidc,
      },
    });

  async function provider(given: PlatformConfig): Promise<{ issuer: string; rootCA?: string }> {
    const { record } = await run(given, { clientSecrets: pulumi.secret({ argocd: "hidden" }) });
    const data = record.byName("ConfigMap/argocd/argocd-cm").inputs.data as Record<string, string>;
    return parse(data["oidc.config"] ?? "") as { issuer: string; rootCA?: string };
  }

  it("trusts the identity provider by the authorities that the configuration has", async () => {
    const { certificate } = await newAuthority("login");
    const caFile = join(machine.folder, "ca.pem");
    writeFileSync(caFile, certificate);
    assert.deepEqual(
      [(await provider(config({ caFile }))).rootCA, (await provider(config({}))).rootCA],
      [certificate, undefined],
    );
  });
});
