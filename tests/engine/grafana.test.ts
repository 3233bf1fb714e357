import { strict as assert } from "node:assert";

import { grafanaForOperators } from "../../components/grafana/forOperators";
import { grafanaForTenant } from "../../components/grafana/forTenant";
import { Grafana, type GrafanaArgs } from "../../components/grafana/grafana";
import { aGrafanaPlatform, blue, someGroups } from "../support/aGrafanaPlatform";
import { ControlPlane, type Answer, type Call } from "../support/controlPlane";
import { eventually } from "../support/eventually";
import { recorder } from "../support/recorder";

/** An object as the program hands it to the API server. */
interface Given {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly [field: string]: unknown;
}

// What the API server knows by itself: a Gateway's kinds it doesn't.
const platform = aGrafanaPlatform({ entry: { kind: "ingress", class: "nginx", issuer: "own" } });
const own = "terp-grafana-team-blue";
const account = "system:serviceaccount:terp-tenant-team-blue:reconciler";
const reconciler = { user: account, groups: ["system:serviceaccounts", "system:authenticated"] };

/** The part of a pod that the tests change. */
interface Pod {
  readonly metadata: object;
  readonly spec: {
    securityContext: { runAsNonRoot?: boolean };
    containers: { securityContext: { capabilities?: object } }[];
    volumes: object[];
  };
}

/** The objects of a Grafana, the namespace first. */
async function objectsOf(args: GrafanaArgs): Promise<readonly Given[]> {
  const record = recorder({
    outputs: ({ type }) => (type.startsWith("random:") ? { result: "r".repeat(80) } : {}),
  });
  new Grafana("grafana", args);
  await record.settled();
  const objects = record.resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => {
      const object = inputs as Given;
      return "stringData" in object ? { ...object, stringData: record.plain(object["stringData"]) } : object;
    });
  const isNamespace = ({ kind }: Given): boolean => kind === "Namespace";
  return [...objects.filter(isNamespace), ...objects.filter((object) => !isNamespace(object))];
}

describe("a Grafana at an API server", () => {
  let plane: ControlPlane;
  let tenants: readonly Given[];

  /** Makes an object, whose fields the API server all has to know. */
  async function create(object: Given, query = "fieldValidation=Strict"): Promise<Answer> {
    const path = await plane.collection(object.apiVersion, object.kind, object.metadata.namespace);
    return await plane.call({ method: "POST", path: `${path}?${query}`, body: object });
  }

  async function createAll(args: GrafanaArgs): Promise<readonly Given[]> {
    const objects = await objectsOf(args);
    for (const object of objects) {
      const { status, body } = await create(object);
      assert.equal(status, 201, `${object.kind}: ${String(body["message"])}`);
    }
    return objects;
  }

  /** The pod that the Deployment among the objects would start, without starting it. */
  async function start(
    objects: readonly Given[],
    change: (spec: Pod["spec"]) => void = () => undefined,
  ): Promise<Answer> {
    const deployment = objects.find(({ kind }) => kind === "Deployment") ?? assert.fail("no Deployment");
    const pod = structuredClone((deployment["spec"] as { template: Pod }).template);
    change(pod.spec);
    const metadata = { ...pod.metadata, name: "try", namespace: deployment.metadata.namespace };
    // A pod is refused while its namespace has no service account yet.
    return await eventually(async () => {
      const answer = await create(
        { ...pod, apiVersion: "v1", kind: "Pod", metadata },
        "dryRun=All&fieldValidation=Strict",
      );
      assert.doesNotMatch(String(answer.body["message"]), /serviceaccount "default" not found/);
      return answer;
    });
  }

  before(async () => {
    plane = await ControlPlane.start();
    tenants = await createAll(grafanaForTenant(platform, blue, someGroups));
  });
  after(async () => {
    await plane.stop();
  });

  it("is admitted for the operators, with every field known", async () => {
    const operators = await createAll(grafanaForOperators(platform, ["team-blue"], someGroups));
    const { status, body } = await start(operators);
    assert.equal(status, 201, String(body["message"]));
  });

  it("starts a pod that meets the restricted profile", async () => {
    const { status, body } = await start(tenants);
    assert.equal(status, 201, String(body["message"]));
  });

  for (const [what, change] of [
    ["may run as root", ({ securityContext }) => delete securityContext.runAsNonRoot],
    ["keeps a capability", ({ containers }) => delete containers[0]?.securityContext.capabilities],
    ["has a folder of the node", ({ volumes }) => volumes.push({ name: "x", hostPath: { path: "/" } })],
  ] satisfies readonly (readonly [string, (spec: Pod["spec"]) => unknown])[]) {
    it(`would start none that ${what}`, async () => {
      const { status, body } = await start(tenants, change);
      assert.equal(status, 403);
      assert.match(String(body["message"]), /violates PodSecurity "restricted:v1\.34"/);
    });
  }

  describe("for the tenant's reconciler", () => {
    const at = (resource: string): string => `/api/v1/namespaces/${own}/${resource}`;
    const apply = (resource: string, kind: string, name: string): Call => ({
      method: "APPLY",
      path: `${at(resource)}/${name}?fieldManager=kustomize-controller`,
      body: { apiVersion: "v1", kind, metadata: { name, namespace: own } },
    });
    const may: Readonly<Record<string, Call>> = {
      "apply its dashboards": apply("configmaps", "ConfigMap", "grafana-dashboards"),
      "apply its channel": apply("secrets", "Secret", "grafana-alerts"),
      "take its dashboards away": { method: "DELETE", path: at("configmaps/grafana-dashboards") },
      "see its pods": { method: "GET", path: at("pods") },
    };
    const mayNot: Readonly<Record<string, Call>> = {
      "read Grafana's secrets": { method: "GET", path: at("secrets/grafana") },
      "list the secrets": { method: "GET", path: at("secrets") },
      "write Grafana's secrets": apply("secrets", "Secret", "grafana"),
      "write Grafana's settings": apply("configmaps", "ConfigMap", "grafana"),
      "apply something else": apply("configmaps", "ConfigMap", "other"),
      "start a pod": {
        method: "POST",
        path: at("pods"),
        body: { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } },
      },
      "enter a pod": { method: "POST", path: `${at("pods/a/exec")}?command=sh` },
      "open the network": {
        method: "DELETE",
        path: `/apis/networking.k8s.io/v1/namespaces/${own}/networkpolicies/grafana`,
      },
      "change the Deployment": {
        method: "PATCH",
        path: `/apis/apps/v1/namespaces/${own}/deployments/grafana`,
        body: { spec: { replicas: 2 } },
      },
      "write in the operators' Grafana": {
        ...apply("configmaps", "ConfigMap", "grafana-dashboards"),
        path: "/api/v1/namespaces/terp-grafana/configmaps/grafana-dashboards?fieldManager=x",
      },
    };

    for (const [what, call] of Object.entries(may)) {
      it(`may ${what}`, async () => {
        const { status, body } = await plane.call({ ...call, as: reconciler });
        assert.ok(status < 300, `${String(status)} ${String(body["message"])}`);
      });
    }
    for (const [what, call] of Object.entries(mayNot)) {
      it(`may not ${what}`, async () => {
        const { status, body } = await plane.call({ ...call, as: reconciler });
        assert.equal(status, 403, String(body["message"]));
        assert.match(String(body["message"]), new RegExp(`User "${account}" cannot`));
      });
    }
  });
});
