import { strict as assert } from "node:assert";

import { lockDown } from "../../../../components/flux/lockdown";
import { ownWorkloads } from "../../../../components/flux/workloads";
import type { Manifest } from "../../../../components/manifest";
import { releaseManifests } from "../../../support/fluxRelease";

const images = {
  sourceController: "source:1",
  kustomizeController: "kustomize:1",
  notificationController: "notification:1",
};

const controllers = ["source-controller", "kustomize-controller", "notification-controller"];

/** A Deployment's spec, as far as it matters here. */
interface Spec {
  readonly replicas: number;
  readonly strategy: object;
  readonly template: {
    readonly spec: {
      readonly serviceAccountName: string;
      readonly containers: readonly {
        readonly name: string;
        readonly image: string;
        readonly args: readonly string[];
        readonly securityContext: object;
        readonly resources: object;
      }[];
    };
  };
}

function specOf(manifests: readonly Manifest[], name: string): Spec {
  const found = manifests.find((one) => one.kind === "Deployment" && one.metadata.name === name);
  return (found ?? assert.fail(`no Deployment ${name}`))["spec"] as Spec;
}

/** The arguments of a controller's container. */
function argumentsOf(manifests: readonly Manifest[], name: string): readonly string[] {
  return specOf(manifests, name).template.spec.containers[0]?.args ?? [];
}

/** The manifests with something put into each of their Deployments' container. */
function withContainer(manifests: readonly Manifest[], change: object): Manifest[] {
  return manifests.map((manifest) => {
    if (manifest.kind !== "Deployment") return manifest;
    const spec = manifest["spec"] as Spec;
    const containers = spec.template.spec.containers.map((one) => ({ ...one, ...change }));
    return { ...manifest, spec: { ...spec, template: { spec: { ...spec.template.spec, containers } } } };
  });
}

const sets: Readonly<Record<string, () => Manifest[]>> = {
  "a release's manifests": releaseManifests,
  "our own manifests": () => ownWorkloads(images),
};

for (const [given, manifests] of Object.entries(sets)) {
  describe(`${given}, locked down`, () => {
    const locked = lockDown(manifests());

    it("have the three controllers that are used, and no other", () => {
      const deployments = locked.filter(({ kind }) => kind === "Deployment");
      assert.deepEqual(
        deployments.map(({ metadata }) => metadata.name),
        controllers,
      );
    });

    it("let what reconciles and what notifies refer to no other namespace", () => {
      for (const name of ["kustomize-controller", "notification-controller"])
        assert.ok(argumentsOf(locked, name).includes("--no-cross-namespace-refs=true"), name);
    });

    it("let the reconciler take no base from elsewhere", () => {
      assert.ok(argumentsOf(locked, "kustomize-controller").includes("--no-remote-bases=true"));
    });

    it("let a Kustomization that names no account run as one without rights", () => {
      assert.ok(argumentsOf(locked, "kustomize-controller").includes("--default-service-account=default"));
    });

    it("give no key to Kustomizations that name none", () => {
      for (const name of controllers) {
        const found = argumentsOf(locked, name).filter((one) => one.startsWith("--sops-age-secret"));
        assert.deepEqual(found, [], name);
      }
    });

    it("give each argument once: the last of two would win unseen", () => {
      for (const name of controllers) {
        const names = argumentsOf(locked, name).map((one) => one.split("=")[0]);
        assert.deepEqual(names, [...new Set(names)], name);
      }
    });

    it("keep what the container writes and may do to the least", () => {
      for (const name of controllers) {
        const [container] = specOf(locked, name).template.spec.containers;
        assert.deepEqual(container?.securityContext, {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        });
      }
    });

    for (const [name, request, limit] of [
      ["source-controller", "48Mi", "512Mi"],
      ["kustomize-controller", "48Mi", "512Mi"],
      ["notification-controller", "32Mi", "256Mi"],
    ] as const) {
      it(`bound the ${name}'s memory`, () => {
        assert.deepEqual(specOf(locked, name).template.spec.containers[0]?.resources, {
          requests: { cpu: "10m", memory: request },
          limits: { memory: limit },
        });
      });
    }

    it("run one of each, as an account of its own, without an election", () => {
      for (const name of controllers) {
        const spec = specOf(locked, name);
        assert.deepEqual(
          [spec.replicas, spec.strategy, spec.template.spec.serviceAccountName],
          [1, { type: "Recreate" }, name],
        );
        assert.ok(argumentsOf(locked, name).includes("--enable-leader-election=false"));
      }
    });

    it("work as hard as they are told", () => {
      const hard = lockDown(manifests(), { pace: { concurrent: 20, requeueDependency: "5s" } });
      for (const name of ["source-controller", "kustomize-controller"]) {
        const given = argumentsOf(hard, name);
        assert.ok(given.includes("--concurrent=20") && given.includes("--requeue-dependency=5s"), name);
      }
      // It waits for nothing, and doesn't know the other argument.
      const given = argumentsOf(hard, "notification-controller").filter((one) =>
        /concurrent|requeue/.test(one),
      );
      assert.deepEqual(given, ["--concurrent=20"]);
    });

    it("work at eight things at a time unless told otherwise", () => {
      for (const name of controllers) assert.ok(argumentsOf(locked, name).includes("--concurrent=8"), name);
    });

    it("are the same when they are locked down again", () => {
      assert.deepEqual(lockDown(locked), locked);
    });

    for (const dangerous of [
      "--sops-age-secret=platform-age",
      "--insecure-kubeconfig-exec",
      "--insecure-kubeconfig-exec=true",
      "--insecure-kubeconfig-tls=true",
      "--no-cross-namespace-refs=false",
      "--no-remote-bases=false",
      "--default-service-account=kustomize-controller",
      "--watch-all-namespaces=false",
      "--feature-gates=CacheSecretsAndConfigMaps=true",
      "--events-addr=http://elsewhere",
      "--concurrent=1000",
      "--metrics-addr=0.0.0.0:1",
      "--health-addr=0.0.0.0:2",
      "--enable-leader-election",
    ]) {
      it(`don't have ${dangerous}, whoever put it there`, () => {
        const found = lockDown(withContainer(manifests(), { args: ["--log-level=info", dangerous] }));
        for (const name of controllers) {
          const given = argumentsOf(found, name);
          assert.ok(!given.includes(dangerous), name);
          assert.ok(given.includes("--log-level=info"), "what is harmless stays");
        }
      });
    }

    it("have no right beyond the least, whatever the container brought", () => {
      const bold = withContainer(manifests(), { securityContext: { privileged: true, runAsUser: 0 } });
      const [container] = specOf(lockDown(bold), "source-controller").template.spec.containers;
      assert.deepEqual(Object.keys(container?.securityContext ?? {}).sort(), [
        "allowPrivilegeEscalation",
        "capabilities",
        "readOnlyRootFilesystem",
        "runAsNonRoot",
        "seccompProfile",
      ]);
    });

    for (const name of controllers) {
      it(`are refused without the ${name}`, () => {
        const without = manifests().filter((one) => one.kind !== "Deployment" || one.metadata.name !== name);
        assert.throws(() => lockDown(without), {
          message: `Flux's manifests: no Deployment "${name}" among ${String(without.length)} objects; give the release's whole install.yaml`,
        });
      });
    }

    it("are refused where a controller has no container that is known", () => {
      assert.throws(() => lockDown(withContainer(manifests(), { name: "controller" })), {
        message: `Flux's manifests: Deployment "source-controller" has no container "manager"`,
      });
    });
  });
}

describe("what a release brings beside its controllers, locked down,", () => {
  const locked = lockDown(releaseManifests());
  const named = (kind: string): string[] =>
    locked.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);

  it("have the definitions of what is fetched, applied, installed and notified", () => {
    assert.deepEqual(named("CustomResourceDefinition"), [
      "gitrepositories.source.toolkit.fluxcd.io",
      "kustomizations.kustomize.toolkit.fluxcd.io",
      "helmreleases.helm.toolkit.fluxcd.io",
      "alerts.notification.toolkit.fluxcd.io",
    ]);
  });

  it("have no definition of anybody else's", () => {
    const others = [
      "imagepolicies.image.toolkit.fluxcd.io",
      "fluxinstances.fluxcd.controlplane.io",
      "helm.io",
    ];
    const definitions = others.map((name) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name },
    }));
    assert.deepEqual(lockDown([...releaseManifests(), ...definitions]), locked);
  });

  it("have the accounts of the controllers that are used alone", () => {
    assert.deepEqual(named("ServiceAccount"), controllers);
  });

  it("have the Services that serve sources and hear of pushes alone: nobody sends events", () => {
    assert.deepEqual(named("Service"), ["source-controller", "webhook-receiver"]);
  });

  it("have none of the release's own rights, network policies and quotas", () => {
    const ours = controllers.map((name) => `terp-flux-${name}`);
    assert.deepEqual(named("ClusterRole"), ours);
    assert.deepEqual(named("ClusterRoleBinding"), ours);
    assert.deepEqual(named("NetworkPolicy"), controllers);
    assert.deepEqual(named("ResourceQuota"), []);
  });

  it("have no label by which a role of Kubernetes' own would grow", () => {
    const labels = locked.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {}));
    assert.deepEqual(
      labels.filter((label) => label.startsWith("rbac.authorization.k8s.io/")),
      [],
    );
  });

  it("keep the release's images, and its other labels", () => {
    const [container] = specOf(locked, "source-controller").template.spec.containers;
    assert.equal(container?.image, "ghcr.io/fluxcd/source-controller:v1.7.3");
    const namespace = locked.find(({ kind }) => kind === "Namespace");
    assert.deepEqual(namespace?.metadata.labels, { theirs: "yes" });
  });
});
