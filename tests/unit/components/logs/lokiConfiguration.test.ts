import { strict as assert } from "node:assert";

import {
  lokiConfiguration,
  lokiOverrides,
  type LogStorage,
} from "../../../../components/logs/lokiConfiguration";

const volume: LogStorage = { kind: "volume", size: 10 };
const blob: LogStorage = {
  kind: "azure-blob",
  account: "terplogs",
  container: "loki",
  clientId: "0a1b2c3d-0000-4000-8000-000000000000",
  replicas: 3,
};
const bucket: LogStorage = {
  kind: "s3",
  bucket: "terp-logs",
  region: "eu-west-1",
  role: "arn:aws:iam::123456789012:role/terp-logs",
  replicas: 2,
};

/** The value at a path of names. */
function at(storage: LogStorage, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (found as Record<string, unknown>)[name],
    lokiConfiguration(storage),
  );
}

describe("Loki's configuration", () => {
  for (const storage of [volume, blob, bucket]) {
    describe(`with ${storage.kind}`, () => {
      it("tells tenants apart", () => {
        assert.equal(at(storage, "auth_enabled"), true);
      });

      it("deletes what is older than its tenant's time, and lets nobody delete what isn't", () => {
        assert.equal(at(storage, "compactor", "retention_enabled"), true);
        assert.equal(at(storage, "limits_config", "deletion_mode"), "disabled");
      });

      it("takes nothing in when its disk is nearly full, rather than break", () => {
        assert.equal(at(storage, "ingester", "wal", "disk_full_threshold"), 0.9);
      });

      it("cuts a line that is too long, and takes an old one, rather than lose it", () => {
        assert.equal(at(storage, "limits_config", "max_line_size_truncate"), true);
        assert.equal(at(storage, "limits_config", "reject_old_samples"), false);
      });

      it("tells nobody about itself", () => {
        assert.equal(at(storage, "analytics", "reporting_enabled"), false);
      });

      it("holds no secret", () => {
        assert.ok(!/secret|account_key|access_key|password/.test(JSON.stringify(lokiConfiguration(storage))));
      });
    });
  }

  it("makes a stream of each container, so that a line that comes again is known", () => {
    assert.deepEqual(at(volume, "limits_config", "otlp_config", "resource_attributes"), {
      ignore_defaults: true,
      attributes_config: [
        {
          action: "index_label",
          attributes: ["k8s.namespace.name", "k8s.pod.name", "k8s.container.name"],
        },
      ],
    });
  });

  it("spreads no stream over several, where a line that comes again wouldn't be known", () => {
    assert.deepEqual(at(volume, "limits_config", "shard_streams"), { enabled: false });
  });

  it("has one replica find itself, and several each other", () => {
    assert.equal(at(volume, "common", "ring", "kvstore", "store"), "inmemory");
    assert.ok(!("memberlist" in lokiConfiguration(volume)));
    assert.equal(at(blob, "common", "ring", "kvstore", "store"), "memberlist");
    assert.deepEqual(at(blob, "memberlist", "join_members"), ["loki-ring.terp-logs.svc.cluster.local:7946"]);
  });

  it("has a line in as many places as there are replicas, at most three", () => {
    assert.equal(at(volume, "common", "replication_factor"), 1);
    assert.equal(at(bucket, "common", "replication_factor"), 2);
    assert.equal(at({ ...blob, replicas: 5 }, "common", "replication_factor"), 3);
  });

  it("reaches a cloud's store by its identity", () => {
    assert.deepEqual(at(blob, "common", "storage"), {
      azure: { account_name: "terplogs", container_name: "loki", use_federated_token: true },
    });
    assert.deepEqual(at(bucket, "common", "storage"), {
      s3: { bucketnames: "terp-logs", region: "eu-west-1" },
    });
  });

  it("has each tenant's limits beside it", () => {
    assert.deepEqual(
      lokiOverrides(new Map([["team-blue", { days: 7, rate: 0.5, burst: 64, streams: 500 }]])),
      {
        overrides: {
          "team-blue": {
            retention_period: "168h",
            ingestion_rate_mb: 0.5,
            ingestion_burst_size_mb: 64,
            max_global_streams_per_user: 500,
          },
        },
      },
    );
  });
});
