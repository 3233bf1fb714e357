import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import { artifactHost } from "../../../../components/flux/artifactAccess";
import { availability, Flux } from "../../../../components/flux/flux";
import type { Manifest } from "../../../../components/manifest";
import { aFolder } from "../../../support/folders";
import { asYaml, releaseManifests } from "../../../support/fluxRelease";
import { recorder, type Recorded, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

/** What the cluster would answer. */
function answers({ type, name, inputs }: Recorded): Record<string, unknown> {
  switch (type) {
    case "kubernetes:apps/v1:Deployment":
      return { status: { conditions: [{ type: "Available", status: "True", reason: "Enough" }] } };
    case "kubernetes:core/v1:Service":
      return { spec: { ...inputs.spec, clusterIP: `address of ${name}` } };
    default:
      return {};
  }
}

describe("Flux", () => {
  const folder = aFolder();

  /** Flux of a release with these manifests, and what it asks of the engine. */
  function make(
    manifests: readonly Manifest[] = releaseManifests(),
    record: Recorder = recorder({ outputs: answers }),
  ): { flux: Flux; record: Recorder } {
    const file = join(folder.path, "install.yaml");
    writeFileSync(file, asYaml(manifests));
    const flux = new Flux("flux", {
      environment: "dev",
      manifests: { kind: "release", file, version: "v2.7.3" },
      podSecurityVersion: "v1.34",
      identity: pulumi.secret("the platform's identity"),
      pace: { concurrent: 3, requeueDependency: "1s" },
    });
    return { flux, record };
  }

  async function afterMaking(): Promise<Recorder> {
    const { record } = make();
    await record.settled();
    return record;
  }

  const crds = [
    "CustomResourceDefinition/gitrepositories.source.toolkit.fluxcd.io",
    "CustomResourceDefinition/kustomizations.kustomize.toolkit.fluxcd.io",
    "CustomResourceDefinition/helmreleases.helm.toolkit.fluxcd.io",
    "CustomResourceDefinition/alerts.notification.toolkit.fluxcd.io",
  ];
  const controllers = ["source-controller", "kustomize-controller", "notification-controller"];
  const services = ["Service/flux-system/source-controller", "Service/flux-system/webhook-receiver"];
  const middle = controllers.flatMap((name) => [
    `ServiceAccount/flux-system/${name}`,
    `ClusterRole/terp-flux-${name}`,
    `ClusterRoleBinding/terp-flux-${name}`,
    `NetworkPolicy/flux-system/${name}`,
  ]);
  const first = ["Namespace/flux-system", ...crds];
  const second = [...middle, ...services];
  const third = controllers.map((name) => `Deployment/flux-system/${name}`);

  it("is what a locked-down release has, and nothing else", async () => {
    const { resources } = await afterMaking();
    assert.deepEqual(
      resources.map(({ name }) => name).sort(),
      ["flux", ...first, ...second, ...third].sort(),
    );
    assert.ok(resources.every(({ name, parent }) => name === "flux" || parent === "flux"));
  });

  it("is made in three steps: definitions, rights and network, controllers", async () => {
    const record = await afterMaking();
    for (const name of first) assert.deepEqual(record.byName(name).dependsOn, [], name);
    for (const name of second)
      assert.deepEqual([...record.byName(name).dependsOn].sort(), [...first].sort(), name);
    for (const name of third)
      assert.deepEqual([...record.byName(name).dependsOn].sort(), [...first, ...second].sort(), name);
  });

  it("has the platform's labels on everything, beside the release's own", async () => {
    const record = await afterMaking();
    for (const { name, inputs } of record.resources.filter(({ custom }) => custom)) {
      const { labels } = inputs.metadata;
      assert.deepEqual(
        [labels["terp.dev/environment"], labels["terp.dev/role"], labels["app.kubernetes.io/managed-by"]],
        ["dev", "platform", "terp"],
        name,
      );
    }
    assert.equal(record.byName(crds[0] ?? "").inputs.metadata.labels["app.kubernetes.io/part-of"], "flux");
  });

  it("has pods of the restricted profile alone", async () => {
    const { labels } = (await afterMaking()).byName("Namespace/flux-system").inputs.metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.34");
  });

  it("waits for its controllers, and not for the Services whose pods come later", async () => {
    const waived = (await afterMaking()).resources
      .filter(({ inputs }) => inputs.metadata?.annotations?.["pulumi.com/skipAwait"] === "true")
      .map(({ name }) => name);
    assert.deepEqual(waived, services);
  });

  it("works as hard as it is told", async () => {
    const [container] = (await afterMaking()).byName(third[0] ?? "").inputs.spec.template.spec.containers;
    assert.ok(container.args.includes("--concurrent=3"));
  });

  it("has the kustomize-controller find artifacts at the source-controller by a name that nobody else is told", async () => {
    const record = await afterMaking();
    const host = artifactHost("the platform's identity");
    const { spec } = record.byName("Deployment/flux-system/kustomize-controller").inputs;
    const { template } = record.plain(spec) as { template: { spec: { hostAliases: unknown } } };
    assert.deepEqual(template.spec.hostAliases, [
      { ip: "address of Service/flux-system/source-controller", hostnames: [host] },
    ]);
    const others = record.resources.filter(({ name }) => !name.endsWith("/kustomize-controller"));
    assert.ok(!JSON.stringify(others).includes(host));
  });

  it("gives its version, and for each controller whether it is available", async () => {
    const { flux } = make();
    assert.equal(await resolve(flux.version), "v2.7.3");
    assert.deepEqual(await resolve(flux.conditions), {
      "source-controller": "True: Enough",
      "kustomize-controller": "True: Enough",
      "notification-controller": "True: Enough",
    });
  });

  it("is ready when all of it is there", () => {
    assert.equal(make().flux.ready.length, first.length + second.length + third.length);
  });

  it("isn't begun with manifests that lack a controller", async () => {
    const record = recorder();
    const without = releaseManifests().filter(({ metadata }) => metadata.name !== "kustomize-controller");
    assert.throws(
      () => make(without, record),
      /no Deployment "kustomize-controller" among \d+ objects; give the release's whole install.yaml$/,
    );
    await record.settled();
    assert.deepEqual(
      record.resources.filter(({ custom }) => custom),
      [],
    );
  });
});

describe("whether a Deployment is available", () => {
  const progressing = { type: "Progressing", status: "True" };
  for (const [what, status, expected] of [
    ["without a status", undefined, "Unknown"],
    ["without conditions", {}, "Unknown"],
    ["without that condition", { conditions: [progressing] }, "Unknown"],
    [
      "that isn't",
      {
        conditions: [
          progressing,
          { type: "Available", status: "False", reason: "MinimumReplicasUnavailable" },
        ],
      },
      "False: MinimumReplicasUnavailable",
    ],
    ["without a reason", { conditions: [{ type: "Available", status: "True" }] }, "True"],
  ] as const) {
    it(`is "${expected}" for one ${what}`, () => {
      assert.equal(availability(status), expected);
    });
  }
});
