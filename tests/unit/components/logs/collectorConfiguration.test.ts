import { strict as assert } from "node:assert";

import { collectorConfiguration } from "../../../../components/logs/collectorConfiguration";
import { basicAuthorization, logCredential } from "../../../../components/logs/credentials";
import type { LogTenant } from "../../../../components/logs/limits";

interface Configuration {
  readonly receivers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly exporters: Readonly<
    Record<
      string,
      {
        readonly logs_endpoint: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly sending_queue: Readonly<Record<string, unknown>>;
        readonly retry_on_failure: Readonly<Record<string, unknown>>;
      }
    >
  >;
  readonly processors: {
    readonly transform: {
      readonly log_statements: readonly {
        readonly context: string;
        readonly statements: readonly string[];
      }[];
    };
  };
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, unknown>>;
  };
}

const blue: LogTenant = {
  tenant: "team-blue",
  namespaces: ["team-blue-app", "team-blue-jobs"],
  size: "small",
};
const green: LogTenant = { tenant: "team-green", namespaces: ["team-green-app"], size: "small" };
const made = (...tenants: readonly LogTenant[]): Configuration =>
  collectorConfiguration("key", tenants) as unknown as Configuration;

/** What is done to each resource, or to each line. */
function changesOf({ processors }: Configuration, context: "resource" | "log"): readonly string[] {
  return processors.transform.log_statements.find((each) => each.context === context)?.statements ?? [];
}

/** Whether one of the patterns stands for a path; a star stands for anything but a slash. */
function isAmong(patterns: unknown, path: string): boolean {
  return (patterns as string[]).some((pattern) =>
    new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`).test(path),
  );
}

/** The tenants as whose a file is sent. */
function tenantsOf(path: string): string[] {
  return Object.entries(made(blue, green).receivers)
    .filter(([, { include, exclude }]) => isAmong(include, path) && !isAmong(exclude, path))
    .map(([name]) => name.replace("file_log/", ""));
}

describe("the collector's configuration", () => {
  for (const [file, tenant] of [
    ["team-blue-app_web-0_1a2b/web/0.log", "team-blue"],
    ["team-blue-jobs_nightly_1a2b/job/3.log", "team-blue"],
    ["team-green-app_web-0_1a2b/web/0.log", "team-green"],
    // Put aside by the kubelet while the collector was away.
    ["team-green-app_web-0_1a2b/web/0.log.20261122-010203", "team-green"],
    ["team-green-app_web-0_1a2b/web/0.log.20261122-010203.gz", "team-green"],
    ["kube-system_coredns_1a2b/coredns/0.log", "platform"],
    ["flux-system_source-controller_1a2b/manager/0.log", "platform"],
    // A namespace that only begins as a tenant's.
    ["team-blue-app2_web_1a2b/web/0.log", "platform"],
    // A pod that is called as another tenant's namespace.
    ["team-blue-app_team-green-app_1a2b/team-green-app/0.log", "team-blue"],
  ] as const) {
    it(`takes ${file} for ${tenant}'s, and nobody else's`, () => {
      assert.deepEqual(tenantsOf(`/var/log/pods/${file}`), [tenant]);
    });
  }

  it("leaves alone what the kubelet is still writing", () => {
    assert.deepEqual(tenantsOf("/var/log/pods/team-blue-app_web_1a2b/web/0.log.20261122-010203.tmp"), []);
  });

  it("sends each tenant's lines by that tenant's credential for writing", () => {
    const { exporters } = made(blue, green);
    for (const tenant of ["team-blue", "team-green", "platform"]) {
      const exporter = exporters[`otlp_http/${tenant}`];
      assert.deepEqual(exporter?.headers, {
        Authorization: basicAuthorization(logCredential("key", tenant, "write")),
      });
      assert.equal(exporter.logs_endpoint, "http://gateway.terp-logs.svc.cluster.local/otlp/v1/logs");
    }
  });

  it("gives each tenant a way and a queue of its own, so that none holds up another", () => {
    const way = (tenant: string): unknown => ({
      receivers: [`file_log/${tenant}`],
      processors: ["transform"],
      exporters: [`otlp_http/${tenant}`],
    });
    assert.deepEqual(made(blue, green).service.pipelines, {
      "logs/team-blue": way("team-blue"),
      "logs/team-green": way("team-green"),
      "logs/platform": way("platform"),
    });
  });

  it("forgets neither how far it is nor what is under way, and gives nothing up", () => {
    const { receivers, exporters, extensions, service } = made(blue);
    for (const receiver of Object.values(receivers)) {
      assert.equal(receiver["storage"], "file_storage/positions");
      assert.equal(receiver["start_at"], "beginning");
      assert.equal((receiver["retry_on_failure"] as Record<string, unknown>)["max_elapsed_time"], "0s");
    }
    for (const { sending_queue: queue, retry_on_failure: retry } of Object.values(exporters)) {
      assert.equal(queue["storage"], "file_storage/queues");
      assert.equal(queue["block_on_overflow"], true);
      assert.equal(retry["max_elapsed_time"], "0s");
    }
    assert.deepEqual([...service.extensions].sort(), Object.keys(extensions).sort());
  });

  it("sends a line that is read again as the same line: without the time of its reading", () => {
    assert.deepEqual(changesOf(made(blue), "log"), ["set(log.observed_time_unix_nano, 0)"]);
  });

  it("reads whose lines are read together from their file's path, once for all of them", () => {
    const { receivers } = made(blue);
    const reading = [
      { type: "container", format: "containerd", add_metadata_from_filepath: false },
      { type: "move", from: 'attributes["log.file.path"]', to: 'resource["log.file.path"]' },
    ];
    for (const { operators } of Object.values(receivers)) assert.deepEqual(operators, reading);
    assert.deepEqual(changesOf(made(blue), "resource").slice(1), [
      'set(resource.attributes["k8s.namespace.name"], resource.cache["namespace"])',
      'set(resource.attributes["k8s.pod.name"], resource.cache["pod"])',
      'set(resource.attributes["k8s.pod.uid"], resource.cache["uid"])',
      'set(resource.attributes["k8s.container.name"], resource.cache["container"])',
      'set(resource.attributes["k8s.container.restart_count"], resource.cache["restarts"])',
      'delete_key(resource.attributes, "log.file.path")',
    ]);
  });

  for (const file of ["3.log", "3.log.20261122-010203", "3.log.20261122-010203.gz"]) {
    it(`finds namespace, pod, container and number of restarts in the path of ${file}`, () => {
      const [extraction = ""] = changesOf(made(blue), "resource");
      const pattern = /ExtractPatterns\(resource\.attributes\["log\.file\.path"\], "(.*)"\)\)$/.exec(
        extraction,
      )?.[1];
      const found = new RegExp(pattern?.replaceAll("(?P<", "(?<") ?? "^$").exec(
        `/var/log/pods/team-blue-app_web-0_1a2b-3c4d/web-server/${file}`,
      );
      assert.deepEqual(
        { ...found?.groups },
        {
          namespace: "team-blue-app",
          pod: "web-0",
          uid: "1a2b-3c4d",
          container: "web-server",
          restarts: "3",
        },
      );
    });
  }

  it("collects the platform's own lines where there is no tenant", () => {
    assert.deepEqual(Object.keys(made().service.pipelines), ["logs/platform"]);
  });
});
