import { strict as assert } from "node:assert";
import * as kubernetes from "@pulumi/kubernetes";

import { artifactHost, reachingArtifactsAlone } from "../../../../components/flux/artifactAccess";
import { lockDown } from "../../../../components/flux/lockdown";
import { resourceOf, type Manifest } from "../../../../components/manifest";
import { releaseManifests } from "../../../support/fluxRelease";
import { recorder } from "../../../support/recorder";

const host = artifactHost("the identity");

function controller(): Manifest {
  const found = lockDown(releaseManifests()).find(
    ({ kind, metadata }) => kind === "Deployment" && metadata.name === "kustomize-controller",
  );
  return found ?? assert.fail("no kustomize-controller");
}

interface Pod {
  readonly containers: readonly {
    readonly name: string;
    readonly args?: readonly string[];
    readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  }[];
  readonly hostAliases: readonly object[];
}

/** The pod that is asked for, and whether that is secret. */
async function made(deployment = controller()): Promise<{ pod: Pod; isSecret: boolean }> {
  const record = recorder();
  const service = new kubernetes.core.v1.Service("service", { spec: { clusterIP: "10.96.0.7" } });
  resourceOf("deployment", reachingArtifactsAlone(deployment, { host, address: service.spec.clusterIP }), {});
  await record.settled();
  const { spec } = record.byName("deployment").inputs;
  const { template } = record.plain(spec) as { template: { spec: Pod } };
  return { pod: template.spec, isSecret: record.isSecret(spec) };
}

/** The values of the controller's variables. */
function variablesOf({ containers: [container] }: Pod): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}

describe("the name by which artifacts are found", () => {
  it("follows from the platform's identity: a lost state brings it back", () => {
    assert.equal(artifactHost("the identity"), host);
  });

  it("is another one for another identity, which can't be told from it", () => {
    assert.notEqual(artifactHost("another identity"), host);
    assert.ok(!host.includes("identity"));
  });

  it("is a host's name with 160 bits that nobody can guess, and no DNS knows it", () => {
    assert.match(host, /^artifacts-[0-9a-f]{40}\.internal$/);
    assert.ok((host.split(".")[0] ?? "").length <= 63);
  });
});

describe("a controller that reaches artifacts alone", () => {
  it("asks for them by that name, in place of the one that their status has", async () => {
    const { pod } = await made();
    assert.equal(variablesOf(pod)["SOURCE_CONTROLLER_LOCALHOST"], host);
  });

  it("finds them at the address that it is given, without a question to DNS", async () => {
    const { pod } = await made();
    assert.deepEqual(pod.hostAliases, [{ ip: "10.96.0.7", hostnames: [host] }]);
  });

  it("has every other request go where nobody listens, but those for the API server", async () => {
    const variables = variablesOf((await made()).pod);
    assert.deepEqual(
      ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map((name) => variables[name]),
      ["http://127.0.0.1:9", "http://127.0.0.1:9", `${host},$(KUBERNETES_SERVICE_HOST)`],
    );
  });

  it("listens on its pod's address alone: whoever reaches a loopback address is asked for no proxy", async () => {
    const [container] = (await made()).pod.containers;
    const listening = container?.args?.filter((argument) => /^--(metrics|health)-addr/.test(argument));
    assert.deepEqual(listening, ["--metrics-addr=$(POD_IP):8080", "--health-addr=$(POD_IP):9440"]);
    assert.deepEqual(container?.env?.find(({ name }) => name === "POD_IP")?.valueFrom, {
      fieldRef: { fieldPath: "status.podIP" },
    });
  });

  it("is secret in the state, for the name is in it", async () => {
    assert.ok((await made()).isSecret);
  });

  it("keeps the variables that it has, and leaves other containers as they are", async () => {
    const deployment = controller();
    const spec = deployment["spec"] as { template: { spec: Pod } };
    const [manager] = spec.template.spec.containers;
    const containers = [{ ...manager, env: [{ name: "HOME", value: "/tmp" }] }, { name: "beside" }];
    const { pod } = await made({
      ...deployment,
      spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } },
    });
    assert.deepEqual(pod.containers[0]?.env?.[0], { name: "HOME", value: "/tmp" });
    assert.deepEqual(pod.containers[1], { name: "beside" });
  });
});
