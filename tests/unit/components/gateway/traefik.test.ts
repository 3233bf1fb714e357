import { strict as assert } from "node:assert";
import { parse } from "yaml";

import { apiAccessFile } from "../../../../components/gateway/apiAccess";
import {
  certificateRules,
  traefikArguments,
  traefikNetworkPolicy,
  traefikPod,
  traefikRules,
} from "../../../../components/gateway/traefik";
import { allows, type Action } from "../../../support/rights";

interface Router {
  readonly entryPoints: readonly string[];
  readonly priority: number;
  readonly middlewares?: readonly string[];
}

const group = "gateway.networking.k8s.io";

describe("what Traefik is started with", () => {
  const given = traefikArguments({ kind: "none" });

  it("is the Gateway API as the one provider, beside the file by which it reaches the API server", () => {
    const providers = given.flatMap((argument) => /^--providers\.([a-zA-Z]+)[.=]/.exec(argument)?.[1] ?? []);
    assert.deepEqual([...new Set(providers)].sort(), [
      "file",
      "kubernetesGateway",
      "providersThrottleDuration",
    ]);
  });

  it("is no dashboard and no API of its own", () => {
    assert.deepEqual(
      given.filter((argument) => /^--(api|metrics|experimental)/.test(argument)),
      [],
    );
  });

  it("lets nobody's routes name a service of Traefik's own but the platform's", () => {
    assert.ok(given.includes("--providers.kubernetesGateway.crossProviderNamespaces=gateway"));
  });

  it("has the API server asked within the pod alone", () => {
    assert.ok(given.includes("--entryPoints.kubernetes.address=127.0.0.1:8001"));
    assert.ok(given.includes("--providers.kubernetesGateway.endpoint=http://127.0.0.1:8001"));
  });

  it("says where a Gateway is reached, by an address or by a load balancer's", () => {
    const status = (argument: string): boolean => argument.includes("statusAddress");
    const setting = "--providers.kubernetesGateway.statusAddress";
    assert.deepEqual(given.filter(status), []);
    assert.deepEqual(traefikArguments({ kind: "ip", address: "10.0.0.2" }).filter(status), [
      `${setting}.ip=10.0.0.2`,
    ]);
    assert.deepEqual(traefikArguments({ kind: "service" }).filter(status), [
      `${setting}.service.name=traefik`,
      `${setting}.service.namespace=gateway`,
    ]);
  });
});

describe("Traefik's way to the API server", () => {
  const { http, tls } = parse(apiAccessFile()) as {
    http: {
      routers: Record<"narrowed" | "everything", Router>;
      middlewares: { narrow: { replacePathRegex: { regex: string; replacement: string } } };
    };
    tls: { options: { default: { sniStrict: boolean } } };
  };
  const { regex, replacement } = http.middlewares.narrow.replacePathRegex;
  const asked = (path: string): string => path.replace(new RegExp(regex), replacement);

  it("makes of a list of all Secrets or ConfigMaps one of the gateway's own namespace", () => {
    assert.equal(asked("/api/v1/secrets"), "/api/v1/namespaces/gateway/secrets");
    assert.equal(asked("/api/v1/configmaps"), "/api/v1/namespaces/gateway/configmaps");
  });

  it("leaves everything else as it is", () => {
    for (const path of ["/api/v1/services", `/apis/${group}/v1/gateways`, "/api/v1/namespaces/x/secrets"])
      assert.equal(asked(path), path);
  });

  it("is open within the pod alone, and the narrow one comes first", () => {
    const { narrowed, everything } = http.routers;
    for (const { entryPoints } of [narrowed, everything]) assert.deepEqual(entryPoints, ["kubernetes"]);
    assert.deepEqual(narrowed.middlewares, ["narrow"]);
    assert.ok(narrowed.priority > everything.priority);
  });

  it("goes with no answer to hosts without a certificate", () => {
    assert.equal(tls.options.default.sniStrict, true);
  });
});

describe("Traefik's rights", () => {
  const denied = (actions: readonly Action[]): readonly Action[] =>
    actions.filter((action) => allows(traefikRules, action));

  it("are in the whole cluster to read no Secret and no ConfigMap", () => {
    assert.deepEqual(
      denied(
        ["get", "list", "watch"].flatMap((verb) =>
          ["secrets", "configmaps", "pods"].map((resource) => ({ verb, resource, name: "platform-age" })),
        ),
      ),
      [],
    );
  });

  it("are to write nothing but what came of Gateways and routes", () => {
    const written = traefikRules.filter(({ verbs }) =>
      (verbs as string[]).some((verb) => !["get", "list", "watch"].includes(verb)),
    );
    assert.deepEqual(
      written.flatMap(({ resources }) => resources as string[]).filter((name) => !name.endsWith("/status")),
      [],
    );
  });

  it("are to see all that it waits for before it serves anything", () => {
    const kinds = [
      ...["namespaces", "services"].map((resource) => ({ group: "", resource })),
      { group: "discovery.k8s.io", resource: "endpointslices" },
      ...[
        "gatewayclasses",
        "gateways",
        "httproutes",
        "grpcroutes",
        "tlsroutes",
        "referencegrants",
        "backendtlspolicies",
      ].map((resource) => ({ group, resource })),
    ];
    assert.deepEqual(
      kinds.filter((kind) => !["list", "watch"].every((verb) => allows(traefikRules, { verb, ...kind }))),
      [],
    );
  });

  it("are in its own namespace to look at certificates, and to write nothing", () => {
    const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    assert.deepEqual(
      verbs.filter((verb) => allows(certificateRules, { verb, resource: "secrets" })),
      ["list", "watch"],
    );
  });
});

describe("Traefik's pod", () => {
  const pod = traefikPod({
    image: "traefik:1",
    settings: "traefik",
    settingsDigest: "0",
    status: { kind: "none" },
  });
  const spec = pod.spec as any;

  it("runs as an ordinary user without a right, on a root that can't be written", () => {
    const [container] = spec.containers;
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.deepEqual(spec.volumes, [{ name: "settings", configMap: { name: "traefik" } }]);
  });

  it("may listen on the ports that its Gateways' listeners have", () => {
    assert.deepEqual(spec.securityContext.sysctls, [
      { name: "net.ipv4.ip_unprivileged_port_start", value: "80" },
    ]);
  });

  it("takes requests from everybody on two ports, and reaches tenants, the platform's pages, DNS and the API server", () => {
    assert.deepEqual(traefikNetworkPolicy.ingress, [
      {
        ports: [
          { port: 80, protocol: "TCP" },
          { port: 443, protocol: "TCP" },
        ],
      },
    ]);
    const egress = traefikNetworkPolicy.egress as { to?: unknown[]; ports?: { port: number }[] }[];
    assert.deepEqual(
      egress.filter(({ to }) => to === undefined).map(({ ports }) => ports?.map(({ port }) => port)),
      [[443, 6443]],
    );
  });
});
