import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

import { readTroubles } from "../../cli/cluster/troubles";
import { certManagerValues } from "../../components/certificates/certManagerValues";
import { clusterIssuer, type Issuer } from "../../components/certificates/issuer";
import { externalDnsValues, type DnsProvider } from "../../components/dns/externalDnsValues";
import type { Manifest } from "../../components/manifest";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { versions } from "../../infra/versions";
import { ControlPlane } from "../support/controlPlane";
import { eventually } from "../support/eventually";
import {
  certManagerChart as certManager,
  chartFolder,
  externalDnsChart as externalDns,
  rendered,
} from "../support/officialChart";

const choices = {
  source: { imageMirror: "mirror.example.org" },
  replicas: 2,
  accountAnnotations: {},
  podLabels: {},
  gateways: true,
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
    authority: "a certificate",
    solver: {
      kind: "http01-gateway",
      gateway: { namespace: "gateway", name: "platform", sectionName: "http" },
    },
  },
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
    const settings = made.find(
      ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "cert-manager",
    );
    assert.match(JSON.stringify(settings), /enableGatewayAPI: true/);
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

  it("external-dns is the version that is pinned, and installs the program that the tests run", async () => {
    const file = join(await chartFolder(externalDns), "Chart.yaml");
    const { version, appVersion } = parse(await readFile(file, "utf8")) as {
      readonly version: string;
      readonly appVersion: string;
    };
    assert.deepEqual([version, appVersion], [versions.externalDns, versions.externalDnsProgram]);
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
        "--fqdn-template=without-host.invalid",
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
      for (const kind of ["clusterissuers", "certificates"]) {
        for (const body of made.filter(({ metadata }) => metadata.name === `${kind}.cert-manager.io`))
          await plane.must({ method: "POST", path, body });
        await eventually(async () => {
          await plane.must({ method: "GET", path: `/apis/cert-manager.io/v1/${kind}` });
        });
      }
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

    it("what is wrong with an issuer and a certificate is read as cert-manager's definitions have it", async () => {
      const api = "/apis/cert-manager.io/v1";
      const condition = (reason: string, message: string) => ({
        type: "Ready",
        status: "False",
        reason,
        message,
        lastTransitionTime: "2026-11-20T10:00:00Z",
      });
      const [, issuer] = issuers;
      const certificate = {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: "web" },
        spec: { secretName: "web", dnsNames: ["web.example.org"], issuerRef: { name: "terp" } },
      };
      const told = async (list: string, made: Record<string, unknown>, status: unknown): Promise<void> => {
        const { body } = await plane.call({ method: "POST", path: list, body: made });
        const { name } = body["metadata"] as { readonly name: string };
        const path = `${list}/${name}/status`;
        await plane.must({ method: "PUT", path, body: { ...body, status } });
      };
      await told(
        `${api}/clusterissuers`,
        { ...clusterIssuer(owner, issuer ?? { kind: "private-ca" }) },
        {
          conditions: [condition("ErrRegisterACMEAccount", "no such host")],
        },
      );
      await told(`${api}/namespaces/default/certificates`, certificate, {
        notAfter: "2026-11-20T10:00:00Z",
        conditions: [condition("Failed", "the order failed")],
      });
      const reading = new KubeApi(accessFrom(plane.kubeconfig));
      try {
        const troubles = await readTroubles(reading, [], new Date("2026-11-22T00:00:00Z"));
        assert.deepEqual(
          troubles.map(({ what, found, isFault }) => [what, found, isFault]),
          [
            ["issuer terp", "ErrRegisterACMEAccount: no such host", true],
            ["certificate default/web", "ended on 2026-11-20: Failed: the order failed", true],
          ],
        );
      } finally {
        await reading.close();
      }
    });
  });
});
