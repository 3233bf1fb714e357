import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { charts, images, versions } from "../../infra/versions";
import { specOf } from "../../local/toolchain/catalog";
import type { ToolName } from "../../local/toolchain/tool";

const project = join(__dirname, "..", "..");
const read = (path: string): string => readFileSync(join(project, path), "utf8");

/** The Go module that a tool is built from, and the folder with its go.mod. */
const built: Partial<
  Record<
    keyof typeof versions,
    { readonly folder: string; readonly module: string; readonly tool?: ToolName }
  >
> = {
  pulumi: { folder: "pulumi", module: "github.com/pulumi/pulumi/pkg/v3", tool: "pulumi" },
  pulumiLanguageNodejs: {
    folder: "pulumi-language-nodejs",
    module: "github.com/pulumi/pulumi/sdk/v3",
    tool: "pulumi-language-nodejs",
  },
  kubernetes: { folder: "kube", module: "k8s.io/kubernetes", tool: "kube" },
  etcd: { folder: "etcd", module: "go.etcd.io/etcd/server/v3", tool: "etcd" },
  containerd: { folder: "containerd", module: "github.com/containerd/containerd/v2", tool: "containerd" },
  runc: { folder: "runc", module: "github.com/opencontainers/runc", tool: "runc" },
  cni: { folder: "cni", module: "github.com/containernetworking/plugins", tool: "cni" },
  coredns: { folder: "coredns", module: "github.com/coredns/coredns", tool: "coredns" },
  sourceController: {
    folder: "source-controller",
    module: "github.com/fluxcd/source-controller",
    tool: "source-controller",
  },
  kustomizeController: {
    folder: "kustomize-controller",
    module: "github.com/fluxcd/kustomize-controller",
    tool: "kustomize-controller",
  },
  notificationController: {
    folder: "notification-controller",
    module: "github.com/fluxcd/notification-controller",
    tool: "notification-controller",
  },
  helmController: {
    folder: "helm-controller",
    module: "github.com/fluxcd/helm-controller",
    tool: "helm-controller",
  },
  controllerTools: { folder: "flux-crds", module: "sigs.k8s.io/controller-tools" },
  certManager: {
    folder: "cert-manager",
    module: "github.com/cert-manager/cert-manager",
    tool: "cert-manager",
  },
  pebble: { folder: "pebble", module: "github.com/letsencrypt/pebble/v2", tool: "pebble" },
  externalDnsProgram: { folder: "external-dns", module: "sigs.k8s.io/external-dns", tool: "external-dns" },
  traefik: { folder: "traefik", module: "github.com/traefik/traefik/v3", tool: "traefik" },
  argocd: { folder: "argocd", module: "github.com/argoproj/argo-cd/v3", tool: "argocd" },
  gatewayApi: { folder: "gateway-crds", module: "sigs.k8s.io/gateway-api", tool: "gateway-crds" },
  gitea: { folder: "gitea", module: "code.gitea.io/gitea", tool: "gitea" },
  sops: { folder: "sops", module: "github.com/getsops/sops/v3", tool: "sops" },
  loki: { folder: "loki", module: "github.com/grafana/loki/v3", tool: "loki" },
  caddy: { folder: "caddy", module: "github.com/caddyserver/caddy/v2", tool: "caddy" },
  collector: { folder: "collector", module: "go.opentelemetry.io/collector/otelcol", tool: "collector" },
  helm: { folder: "helm", module: "helm.sh/helm/v3", tool: "helm" },
};

describe("versions", () => {
  it("each has a line that Renovate understands", () => {
    const renovate = JSON.parse(read("renovate.json")) as {
      customManagers: { matchStrings: string[]; managerFilePatterns: string[] }[];
    };
    const [manager] = renovate.customManagers;
    assert.deepEqual(manager?.managerFilePatterns, ["/^infra/versions\\.ts$/"]);
    const found = [...read("infra/versions.ts").matchAll(new RegExp(manager.matchStrings[0] ?? "", "g"))];
    assert.deepEqual(
      found.map((match) => match.groups?.["currentValue"]),
      Object.values(versions),
    );
    for (const match of found) {
      const { datasource = "", registryUrl, depName = "" } = match.groups ?? {};
      assert.match(datasource, /^(github-releases|docker|go|helm)$/);
      assert.match(depName, datasource === "helm" ? /^[a-z-]+$/ : /^[a-z0-9.-]+(\/[a-z0-9.-]+)+$/);
      assert.equal(registryUrl !== undefined, datasource === "helm", depName);
    }
  });

  for (const [name, { folder, module, tool }] of Object.entries(built)) {
    it(`of ${name} is the one that its go.mod builds`, () => {
      const file = `local/toolchain/go/${folder}/go.mod`;
      assert.ok(existsSync(join(project, file)), file);
      const pinned = new RegExp(`^(?:require)?\\s*${module.replaceAll(".", "\\.")} v(\\S+)`, "m").exec(
        read(file),
      )?.[1];
      assert.equal(pinned, versions[name as keyof typeof versions]);
    });
    if (tool !== undefined) {
      it(`of ${name} is the one that the toolchain names`, () => {
        assert.equal(specOf(tool).version, versions[name as keyof typeof versions]);
      });
    }
  }

  it("of podinfo is the one that the toolchain names", () => {
    // Its module's path lacks the major version, so its go.mod can't name a release.
    assert.equal(specOf("podinfo").version, versions.podinfo);
  });

  it("of a chart are asked for where it is taken from", () => {
    const lines = read("infra/versions.ts");
    for (const { name, repository } of Object.values(charts))
      assert.ok(lines.includes(`datasource=helm registryUrl=${repository} depName=${name}\n`), name);
  });

  it("no image has a tag that moves", () => {
    for (const image of Object.values(images))
      assert.match(image, /^[a-z0-9.-]+\/[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });
});
