import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";

import { giteaNetworkPolicy, giteaPod } from "../../../../components/git/giteaManifests";
import { giteaStartScript } from "../../../../components/git/giteaStart";
import { toClusterDns } from "../../../../components/networkPolicy";

const pod = giteaPod({ image: "gitea:1", settingsSecret: "s", dataClaim: "c", settingsDigest: "d" }) as any;
const [container] = pod.spec.containers;

describe("the Git host's pod", () => {
  it("meets Pod Security's restricted profile, with a root that is read-only", () => {
    assert.deepEqual(
      [pod.spec.securityContext.runAsNonRoot, pod.spec.securityContext.runAsUser],
      [true, 1000],
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

  it("can't write its settings, which others can't read", () => {
    const mount = container.volumeMounts.find((one: { name: string }) => one.name === "settings");
    const volume = pod.spec.volumes.find((one: { name: string }) => one.name === "settings");
    assert.deepEqual([mount.mountPath, mount.readOnly], ["/etc/terp", true]);
    assert.deepEqual(volume.secret, { secretName: "s", defaultMode: 0o440 });
  });

  it("lets nobody in before the administrator's password is right", () => {
    assert.deepEqual(container.startupProbe.exec.command, ["/bin/bash", "-c", "[ -e /tmp/ready ]"]);
  });

  it("has no secret in its environment or its command", () => {
    const values = container.env.map(({ name, value }: { name: string; value: string }) => [name, value]);
    assert.deepEqual(values, [
      ["USER", "git"],
      ["HOME", "/var/lib/gitea/home"],
      ["TMPDIR", "/tmp"],
      ["GITEA_WORK_DIR", "/var/lib/gitea"],
      ["GITEA_CUSTOM", "/var/lib/gitea/custom"],
      ["GOMEMLIMIT", "128MiB"],
    ]);
    assert.deepEqual(container.command, ["/bin/bash", "/etc/terp/start.sh"]);
  });

  it("is another one with other settings", () => {
    assert.deepEqual(pod.metadata.annotations, { "terp.dev/settings": "d" });
  });
});

describe("the Git host's network policy", () => {
  it("lets it reach the cluster's DNS and what hears of pushes, and nobody else", () => {
    const [dns, ...others] = giteaNetworkPolicy([]).egress as unknown[];
    assert.deepEqual(dns, toClusterDns);
    assert.deepEqual(others, [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "flux-system" } },
            podSelector: { matchLabels: { app: "notification-controller" } },
          },
        ],
        ports: [{ port: 9292, protocol: "TCP" }],
      },
    ]);
  });

  it("lets in what reads repositories, and not what hears of pushes", () => {
    assert.deepEqual(giteaNetworkPolicy([]).ingress, [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "flux-system" } },
            podSelector: { matchLabels: { app: "source-controller" } },
          },
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "argocd" } },
            podSelector: { matchLabels: { app: "argocd-repo-server" } },
          },
        ],
        ports: [{ port: 2222, protocol: "TCP" }],
      },
    ]);
  });

  it("admits the engines alone where no machine is named: a rule without peers would admit all", () => {
    assert.equal((giteaNetworkPolicy([]).ingress as unknown[]).length, 1);
  });

  it("admits each machine that is named", () => {
    const [, clients] = giteaNetworkPolicy(["10.0.0.1/32", "10.0.0.9/32"]).ingress as { from: unknown }[];
    assert.deepEqual(clients?.from, [
      { ipBlock: { cidr: "10.0.0.1/32" } },
      { ipBlock: { cidr: "10.0.0.9/32" } },
    ]);
  });
});

describe("the Git host's start script", () => {
  const script = giteaStartScript("/app/gitea/gitea", 3000);

  it("is one that bash can read", () => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
  });

  it("ends at the first fault, and writes files that nobody else can read", () => {
    assert.match(script, /^#!\/bin\/bash\nset -euo pipefail\numask 077\n/);
  });

  it("gives no program the password or a token as an argument: printf and the connection are bash's own", () => {
    const calls = script
      .split("\n")
      .filter((line) => /\$(password|authorization|token|body)\b/.test(line))
      .map((line) => line.trim().split(/[\s=]/)[0]);
    assert.deepEqual([...new Set(calls)].sort(), ["[[", "body", "request"]);
  });

  it("exports nothing: a variable of the environment can be read by others", () => {
    assert.ok(!/\b(export|declare -x)\b/.test(script));
  });

  it("asks Gitea of each push before and after it, and not in between", () => {
    const made = [...script.matchAll(/(?:exec (\S+) hook \S+ \S+ (\S+)\\n' )?> \/tmp\/hooks\/(\S+)/g)];
    assert.deepEqual(
      made.map(([, program, asked, hook]) => [hook, program, asked]),
      [
        ["pre-receive", "/app/gitea/gitea", "pre-receive"],
        ["post-receive", "/app/gitea/gitea", "post-receive"],
        ["proc-receive", "/app/gitea/gitea", "proc-receive"],
        ["update", undefined, undefined],
      ],
    );
  });

  it("says that it is ready only after the password is right", () => {
    const lines = script.split("\n");
    const ready = lines.findIndex((line) => line === ": > /tmp/ready");
    const set = lines.findIndex((line) => line.includes("request PATCH /api/v1/admin/users/terp"));
    assert.ok(set > 0 && ready > set);
  });
});
