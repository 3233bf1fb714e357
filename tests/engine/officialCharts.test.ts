import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

import { certManagerValues } from "../../components/certificates/certManagerValues";
import { clusterIssuer, type Issuer } from "../../components/certificates/issuer";
import { externalDnsValues, type DnsProvider } from "../../components/dns/externalDnsValues";
import type { Manifest } from "../../components/manifest";
import { versions } from "../../infra/versions";
import { ControlPlane } from "../support/controlPlane";
import { eventually } from "../support/eventually";
import { chartFolder, rendered, type ModuleChart } from "../support/officialChart";

const certManager: ModuleChart = {
  module: "github.com/cert-manager/cert-manager",
  version: `v${versions.certManager}`,
  folder: "deploy/charts/cert-manager",
};
const externalDns: ModuleChart = {
  module: "sigs.k8s.io/external-dns",
  // The module's newest chart is that of the release before it.
  version: "v0.22.0",
  folder: "charts/external-dns",
};

const choices = {
  source: { imageMirror: "mirror.example.org" },
  replicas: 2,
  accountAnnotations: {},
  podLabels: {},
};
const azure: DnsProvider = {
  kind: "azure-dns",
  tenant: "t",
  subscription: "s",
  resourceGroup: "g",
  identity: "i",
};
const owner = { environment: "dev", role: "platform" } as const;
const acme = {
  kind: "acme",
  server: "https://acme.example.org/directory",
  email: "platform@example.org",
} as const;
const issuers: readonly Issuer[] = [
  { kind: "private-ca" },
  { ...acme, solver: { kind: "http01", ingressClass: "nginx" } },
  {
    ...acme,
    solver: {
      kind: "azure-dns",
      zones: ["a.example.org"],
      subscription: "s",
      resourceGroup: "g",
      identity: "i",
    },
  },
  { ...acme, solver: { kind: "route53", zones: ["a.example.org"], region: "eu-west-1" } },
];

interface Pods {
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

function imagesIn(manifests: readonly Manifest[]): readonly string[] {
  return manifests
    .filter(({ kind }) => ["Deployment", "Job"].includes(kind))
    .flatMap((each) => (each as unknown as Pods).spec.template.spec.containers.map(({ image }) => image));
}

describe("the official charts, held against our values", () => {
  it("cert-manager takes them, makes its definitions, and waits for its webhook by a hook", async () => {
    const made = await rendered(await chartFolder(certManager), "cert-manager", certManagerValues(choices));
    const kinds = made.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    assert.ok(kinds.includes("CustomResourceDefinition/clusterissuers.cert-manager.io"));
    assert.ok(kinds.includes("Job/cert-manager-startupapicheck"));
    assert.ok(kinds.includes("ServiceAccount/cert-manager"));
    assert.equal(made.filter(({ kind }) => kind === "PodDisruptionBudget").length, 3);
    assert.deepEqual(
      imagesIn(made).filter(
        (image) => !image.startsWith("mirror.example.org/quay.io/jetstack/cert-manager-"),
      ),
      [],
    );
  });

  it("cert-manager refuses a value that it doesn't know: the schema is in force", async () => {
    const values = { ...certManagerValues(choices), replicas: 2 };
    await assert.rejects(rendered(await chartFolder(certManager), "cert-manager", values), /replicas/);
  });

  it("external-dns is the version that is pinned", async () => {
    const file = join(await chartFolder(externalDns), "Chart.yaml");
    const { version } = parse(await readFile(file, "utf8")) as { readonly version: string };
    assert.equal(version, versions.externalDns);
  });

  for (const provider of [azure, { kind: "route53", region: "eu-west-1", role: "r" } as const]) {
    it(`external-dns takes them, and passes them on: ${provider.kind}`, async () => {
      const values = externalDnsValues({
        environment: "dev",
        provider,
        zones: ["a.example.org"],
        hosts: "ingress",
        source: choices.source,
      });
      const made = await rendered(await chartFolder(externalDns), "external-dns", values);
      const text = JSON.stringify(made.find(({ kind }) => kind === "Deployment"));
      for (const word of [
        "--txt-owner-id=terp-dev",
        "--domain-filter=a.example.org",
        "--policy=sync",
        "--source=ingress",
        "--ignore-hostname-annotation",
      ])
        assert.ok(text.includes(`"${word}"`), word);
      assert.match(
        imagesIn(made)[0] ?? "",
        /^mirror\.example\.org\/registry\.k8s\.io\/external-dns\/external-dns:v/,
      );
    });
  }

  describe("on a real API server", () => {
    let plane: ControlPlane;
    before(async () => {
      plane = await ControlPlane.start();
      const made = await rendered(await chartFolder(certManager), "cert-manager", certManagerValues(choices));
      const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      for (const body of made.filter(({ metadata }) => metadata.name === "clusterissuers.cert-manager.io"))
        await plane.must({ method: "POST", path, body });
      await eventually(async () => {
        await plane.must({ method: "GET", path: "/apis/cert-manager.io/v1/clusterissuers" });
      });
    });
    after(() => plane.stop());

    for (const issuer of issuers) {
      const name = issuer.kind === "acme" ? `${issuer.kind} by ${issuer.solver.kind}` : issuer.kind;
      it(`an issuer has the fields that cert-manager's definition has, and no others: ${name}`, async () => {
        const path = "/apis/cert-manager.io/v1/clusterissuers?dryRun=All&fieldValidation=Strict";
        const { status, body } = await plane.call({
          method: "POST",
          path,
          body: clusterIssuer(owner, issuer),
        });
        assert.equal(status, 201, String(body["message"]));
      });
    }
  });
});
