import { strict as assert } from "node:assert";

import { grafanaNetworkPolicy } from "../../../../components/grafana/networkPolicy";
import { grafanaPod, type GrafanaPodArgs } from "../../../../components/grafana/pod";
import { toClusterDns } from "../../../../components/networkPolicy";

const args: GrafanaPodArgs = {
  image: "grafana:1",
  host: "grafana-team-blue.platform.example.org",
  settingsDigest: "d",
  dashboards: ["applications.json", "logs.json"],
  hasOwn: true,
  hasAlerts: true,
  hasAuthority: false,
};
const pod = grafanaPod(args) as any;
const [container] = pod.spec.containers;

/** What is at each place in the container: a volume, without its name. */
function mounts(of: any): Record<string, any> {
  const volumes = of.spec.volumes as readonly { readonly name: string }[];
  const volumeMounts = of.spec.containers[0].volumeMounts as readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  return Object.fromEntries(
    volumeMounts.map(({ name, mountPath, readOnly = false }) => {
      const volume = Object.entries(volumes.find((each) => each.name === name) ?? {});
      return [mountPath, { readOnly, ...Object.fromEntries(volume.filter(([key]) => key !== "name")) }];
    }),
  );
}

describe("a Grafana's pod", () => {
  it("meets Pod Security's restricted profile, with a root that is read-only", () => {
    assert.deepEqual(
      [pod.spec.securityContext.runAsNonRoot, pod.spec.securityContext.runAsUser],
      [true, 472],
    );
    assert.deepEqual(pod.spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("has no token for the API server", () => {
    assert.equal(pod.spec.automountServiceAccountToken, false);
  });

  it("has no secret in its environment or its command", () => {
    assert.deepEqual(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
      [
        ["GF_PATHS_CONFIG", "/etc/terp/settings/grafana.ini"],
        ["GF_PATHS_DATA", "/var/lib/grafana"],
        ["GF_PATHS_LOGS", "/var/lib/grafana/log"],
        ["GF_PATHS_PLUGINS", "/var/lib/grafana/plugins"],
        ["GF_PATHS_PROVISIONING", "/etc/terp/provisioning"],
        ["GOMEMLIMIT", "256MiB"],
      ],
    );
    assert.deepEqual(container.command, ["/bin/sh", "/etc/terp/settings/start.sh"]);
  });

  it("takes nothing into its environment that a tenant writes: Grafana's settings come from there too", () => {
    assert.equal(container.envFrom, undefined);
  });

  it("is asked under its own name how it is, for it answers to no other", () => {
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const { path, httpHeaders } = container[probe].httpGet;
      assert.deepEqual([path, httpHeaders], ["/api/health", [{ name: "Host", value: args.host }]], probe);
    }
  });

  it("has its settings where Grafana looks for each kind, and can't write them", () => {
    const settings = (...files: string[]): object => ({
      readOnly: true,
      configMap: { name: "grafana", items: files.map((file) => ({ key: file, path: file })) },
    });
    const found = mounts(pod);
    assert.deepEqual(found["/etc/terp/settings"], settings("grafana.ini", "start.sh", "rules.yaml"));
    assert.deepEqual(found["/etc/terp/provisioning/datasources"], settings("datasources.yaml"));
    assert.deepEqual(found["/etc/terp/provisioning/dashboards"], settings("dashboards.yaml"));
    assert.deepEqual(found["/etc/terp/dashboards"], settings("applications.json", "logs.json"));
    assert.deepEqual(found["/etc/terp/secrets"], {
      readOnly: true,
      secret: { secretName: "grafana", defaultMode: 0o440 },
    });
  });

  it("starts without what the tenant may write, and can't write that", () => {
    const found = mounts(pod);
    assert.deepEqual(found["/etc/terp/own"], {
      readOnly: true,
      configMap: { name: "grafana-dashboards", optional: true },
    });
    assert.deepEqual(found["/etc/terp/channel"], {
      readOnly: true,
      secret: { secretName: "grafana-alerts", optional: true, defaultMode: 0o440 },
    });
  });

  it("keeps nothing beyond its end, and fills no disk", () => {
    const writable = Object.entries(mounts(pod)).filter(([, { readOnly }]) => readOnly === false);
    assert.deepEqual(
      writable.map(([path, { emptyDir }]) => [path, emptyDir?.sizeLimit]),
      [
        ["/etc/terp/provisioning/alerting", "16Mi"],
        ["/var/lib/grafana", "1Gi"],
        ["/tmp", "256Mi"],
      ],
    );
  });

  it("starts as its image does, with nothing of a channel, where there are no alerts", () => {
    const quiet = grafanaPod({ ...args, hasAlerts: false }) as any;
    assert.equal(quiet.spec.containers[0].command, undefined);
    const found = mounts(quiet);
    assert.ok(!("/etc/terp/channel" in found) && !("/etc/terp/provisioning/alerting" in found));
    assert.deepEqual(
      found["/etc/terp/settings"].configMap.items.map(({ key }: any) => key),
      ["grafana.ini"],
    );
  });

  it("has no tenant's dashboards where it has no tenant", () => {
    assert.ok(!("/etc/terp/own" in mounts(grafanaPod({ ...args, hasOwn: false }))));
  });

  it("is another one with other settings", () => {
    assert.deepEqual(pod.metadata.annotations, { "terp.dev/settings": "d" });
  });
});

describe("a Grafana's network policy", () => {
  it("lets in what brings requests from outside, and nobody else", () => {
    assert.deepEqual(grafanaNetworkPolicy({ identityProvider: [], channel: [] }).ingress, [
      {
        from: [{ namespaceSelector: { matchLabels: { "terp.dev/role": "gateway" } } }],
        ports: [{ port: 3000, protocol: "TCP" }],
      },
    ]);
  });

  it("lets it reach DNS, the logs' gateway, the identity provider and the channel, and nobody else", () => {
    const { policyTypes, podSelector, egress } = grafanaNetworkPolicy({
      identityProvider: ["192.0.2.7/32"],
      channel: ["198.51.100.0/24"],
    }) as any;
    assert.deepEqual([policyTypes, podSelector], [["Ingress", "Egress"], {}]);
    assert.deepEqual(egress, [
      toClusterDns,
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "terp-logs" } },
            podSelector: { matchLabels: { app: "gateway" } },
          },
        ],
        ports: [{ port: 8080, protocol: "TCP" }],
      },
      {
        to: [{ ipBlock: { cidr: "192.0.2.7/32" } }, { ipBlock: { cidr: "198.51.100.0/24" } }],
        ports: [{ port: 443, protocol: "TCP" }],
      },
    ]);
  });

  it("has no rule for outside where no range is named: one without peers would admit all", () => {
    const { egress } = grafanaNetworkPolicy({ identityProvider: [], channel: [] }) as any;
    assert.equal(egress.length, 2);
  });
});
