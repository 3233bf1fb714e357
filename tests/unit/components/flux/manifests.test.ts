import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { fluxManifests } from "../../../../components/flux/manifests";
import { parseManifests } from "../../../../components/manifest";
import { ownWorkloads } from "../../../../components/flux/workloads";
import { aFolder } from "../../../support/folders";
import { asYaml, releaseManifests } from "../../../support/fluxRelease";

const images = {
  sourceController: "source:1",
  kustomizeController: "kustomize:1",
  notificationController: "notification:1",
};

const anObject = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n";

describe("a text of manifests", () => {
  it("is the objects of its documents, in their order", () => {
    const objects = releaseManifests();
    assert.deepEqual(parseManifests(asYaml(objects), "install.yaml"), objects);
  });

  it("may be a JSON list of them, in a file of that name", () => {
    const objects = releaseManifests();
    assert.deepEqual(parseManifests(JSON.stringify(objects), "install.json"), objects);
  });

  it("is refused where a list holds what is no object, with its place", () => {
    const [object] = releaseManifests();
    assert.throws(() => parseManifests(JSON.stringify([object, "one"]), "install.json"), {
      message:
        "install.json, document 2: expected a Kubernetes object with apiVersion, kind and metadata.name",
    });
  });

  it("may have documents that are empty, or hold a comment alone", () => {
    const found = parseManifests(`---\n# a comment\n---\n${anObject}---\n`, "install.yaml");
    assert.deepEqual(
      found.map(({ metadata }) => metadata.name),
      ["one"],
    );
  });

  it("is refused where a document isn't YAML, with its place", () => {
    assert.throws(
      () => parseManifests(`${anObject}---\nkind: [\n`, "install.yaml"),
      /^Error: install\.yaml, document 2: not YAML: /,
    );
  });

  for (const [what, document] of [
    ["a list", "- one\n"],
    ["a text", "<html>not found</html>\n"],
    ["without a kind", "apiVersion: v1\nmetadata:\n  name: one\n"],
    ["without a version", "kind: ConfigMap\nmetadata:\n  name: one\n"],
    ["without a name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"],
    ["without metadata", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"],
    ["with a number for a name", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 1\n"],
  ] as const) {
    it(`is refused where a document is no object: ${what}`, () => {
      assert.throws(() => parseManifests(`${anObject}---\n${document}`, "install.yaml"), {
        message:
          "install.yaml, document 2: expected a Kubernetes object with apiVersion, kind and metadata.name",
      });
    });
  }
});

describe("Flux's manifests", () => {
  const folder = aFolder();

  function file(text: string): string {
    const path = join(folder.path, "manifests.yaml");
    writeFileSync(path, text);
    return path;
  }

  it("of a release are all of its file's", () => {
    const source = { kind: "release", file: file(asYaml(releaseManifests())), version: "v2.7.3" } as const;
    assert.deepEqual(fluxManifests(source), releaseManifests());
  });

  it("of our own are the file's definitions and the workloads", () => {
    const definitions = releaseManifests().filter(({ kind }) => kind === "CustomResourceDefinition");
    const source = { kind: "own", crdFile: file(asYaml(definitions)), images, version: "2.7" } as const;
    assert.deepEqual(fluxManifests(source), [...definitions, ...ownWorkloads(images)]);
  });

  it("aren't there without their file, whose name the message has", () => {
    const missing = join(folder.path, "missing.yaml");
    assert.throws(() => fluxManifests({ kind: "release", file: missing, version: "v2.7.3" }), {
      code: "ENOENT",
      path: missing,
    });
  });
});

describe("our own workloads", () => {
  const workloads = ownWorkloads(images);
  const podOf = (name: string): any =>
    (
      workloads.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name)?.["spec"] as {
        template: { spec: unknown };
      }
    ).template.spec;
  const serviceOf = (name: string): unknown =>
    workloads.find(({ kind, metadata }) => kind === "Service" && metadata.name === name)?.["spec"];

  const controllers = ["source-controller", "kustomize-controller", "notification-controller"];

  it("are Flux's namespace, and in it three controllers with their accounts, what serves sources and what hears of pushes", () => {
    assert.deepEqual(
      workloads.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace]),
      [
        ["Namespace", "flux-system", undefined],
        ...controllers.map((name) => ["ServiceAccount", name, "flux-system"]),
        ["Service", "source-controller", "flux-system"],
        ["Service", "webhook-receiver", "flux-system"],
        ...controllers.map((name) => ["Deployment", name, "flux-system"]),
      ],
    );
  });

  it("run the images that they are given", () => {
    assert.deepEqual(
      controllers.map((name) => podOf(name).containers[0].image as string),
      ["source:1", "kustomize:1", "notification:1"],
    );
  });

  it("run as an ordinary user", () => {
    for (const name of controllers) {
      const { runAsNonRoot, runAsUser } = podOf(name).securityContext;
      assert.deepEqual([runAsNonRoot, runAsUser], [true, 65534], name);
    }
  });

  it("write to folders of their own alone, which end with the pod", () => {
    for (const [name, folders] of [
      ["source-controller", ["/data", "/tmp"]],
      ["kustomize-controller", ["/tmp"]],
      ["notification-controller", ["/tmp"]],
    ] as const) {
      const { containers, volumes } = podOf(name);
      const mounts = containers[0].volumeMounts as { name: string; mountPath: string }[];
      assert.deepEqual(
        mounts.map(({ mountPath }) => mountPath),
        folders,
      );
      assert.deepEqual(
        volumes,
        mounts.map((mount) => ({ name: mount.name, emptyDir: {} })),
      );
    }
  });

  it("serve sources under the name that the source-controller tells others", () => {
    const [container] = podOf("source-controller").containers;
    assert.ok(
      container.args.includes("--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).svc.cluster.local."),
    );
    assert.deepEqual(serviceOf("source-controller"), {
      type: "ClusterIP",
      selector: { app: "source-controller" },
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }],
    });
    assert.ok(container.ports.some((port: { name: string }) => port.name === "http"));
  });

  it("hear of pushes at the port of the notification-controller that is for webhooks, and not at the one for events", () => {
    assert.deepEqual(serviceOf("webhook-receiver"), {
      type: "ClusterIP",
      selector: { app: "notification-controller" },
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http-webhook" }],
    });
    const [container] = podOf("notification-controller").containers;
    const [port] = container.ports.filter(({ name }: { name: string }) => name === "http-webhook");
    assert.equal(port.containerPort, 9292);
  });
});
