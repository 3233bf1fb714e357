import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { databaseImages } from "../../infra/versions";
import { containerOf, environmentOf, made, one } from "../support/madeService";
import { refusedServices } from "../support/refusedServices";
import { helm, refusedValues, serviceChart } from "../support/serviceChart";
import { services, smallest } from "../support/serviceValues";

const key = (name: string, of: string): object => ({ secretKeyRef: { name, key: of } });

describe("the developers' chart", () => {
  for (const [what, values] of Object.entries(services)) {
    it(`passes Helm's strict lint: a service ${what}`, async () => {
      await helm(["lint", "--strict", serviceChart], { ...smallest, ...values });
    });
  }

  for (const [what, values, says, release] of refusedServices) {
    it(`refuses ${what}`, async () => {
      assert.equal(await refusedValues({ ...smallest, ...values }, release), says);
    });
  }

  it("says all that doesn't fit together at once", async () => {
    const said = await refusedValues({
      image: { name: "ghcr.io/blue/shop" },
      route: { hosts: ["a.blue.test"] },
      postgres: { from: "statefulset" },
    });
    const paths = said.split("\n").filter((line) => /^[a-z.]+$/.test(line));
    assert.deepEqual(paths, ["image", "route.gateway", "postgres.secret", "postgres.storage"]);
  });

  it("makes two objects where nothing is asked for", async () => {
    assert.deepEqual((await made({})).map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort(), [
      "Deployment/shop",
      "Service/shop",
    ]);
  });

  it("runs the databases that the platform's versions name", () => {
    const { images: chosen } = parse(readFileSync(join(serviceChart, "values.yaml"), "utf8")) as {
      images: Record<string, { name: string; tag: string }>;
    };
    assert.deepEqual(
      Object.values(chosen).map(({ name, tag }) => `${name}:${tag}`),
      [databaseImages.postgres, databaseImages.redis],
    );
  });

  it("leaves the number of pods to what scales them", async () => {
    const values = services["with as many pods as the load asks for"] ?? {};
    assert.equal((await one(values, "Deployment")).spec.replicas, undefined);
    const { spec } = await one(values, "HorizontalPodAutoscaler");
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [2, 5]);
  });

  it("lets a node be drained: one pod has no budget, several have one that leaves all but one", async () => {
    assert.ok(!(await made({})).some(({ kind }) => kind === "PodDisruptionBudget"));
    const { spec } = await one({ replicas: 3 }, "PodDisruptionBudget");
    assert.deepEqual([spec.maxUnavailable, spec.unhealthyPodEvictionPolicy], [1, "AlwaysAllow"]);
  });

  it("starts new pods when a file changes, and when nothing does doesn't", async () => {
    const template = async (text: string): Promise<unknown> =>
      (await one({ files: { "/etc/a": text } }, "Deployment")).spec.template;
    assert.notDeepEqual(await template("one"), await template("two"));
    assert.deepEqual(await template("one"), await template("one"));
  });

  it("takes new pods before it ends old ones, but with a volume the other way round", async () => {
    const strategy = async (values: object): Promise<unknown> =>
      (await one(values, "Deployment")).spec.strategy;
    assert.deepEqual(await strategy({}), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    assert.deepEqual(await strategy(services["with a volume"] ?? {}), { type: "Recreate" });
  });

  it("keeps a volume when the release goes, whoever installed it", async () => {
    const claim = await one(services["with a volume"] ?? {}, "PersistentVolumeClaim");
    assert.deepEqual(claim.metadata.annotations, {
      "helm.sh/resource-policy": "keep",
      "argocd.argoproj.io/sync-options": "Delete=false,Prune=false",
    });
  });

  it("rewrites a path at the gateway and at nginx alike: /api/a becomes /a", async () => {
    const route = await one(services["behind the gateway"] ?? {}, "HTTPRoute");
    assert.deepEqual(route.spec.rules?.[0]?.filters, [
      {
        type: "URLRewrite",
        urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } },
      },
    ]);
    assert.equal(route.spec.rules[1]?.filters, undefined);
    const [first, second] = (await made(services["behind an ingress controller"] ?? {})).filter(
      ({ kind }) => kind === "Ingress",
    );
    const target = first?.metadata.annotations?.["nginx.ingress.kubernetes.io/rewrite-target"] ?? "";
    const pattern = new RegExp(`^${String(first?.spec.rules?.[0]?.http?.paths[0]?.path)}`);
    assert.equal("/api/v1.0/a/b".replace(pattern, target), "/a/b");
    assert.equal("/api/v1.0".replace(pattern, target), "/");
    assert.doesNotMatch("/api/v1x0/a", pattern);
    assert.equal(second?.metadata.annotations?.["nginx.ingress.kubernetes.io/rewrite-target"], undefined);
  });

  it("tells the service where its own databases are, with passwords by reference", async () => {
    const found = environmentOf(
      await one(services["with a Postgres and a Redis of the chart's"] ?? {}, "Deployment"),
    );
    assert.deepEqual(found, {
      PGHOST: "shop-postgres",
      PGPORT: "5432",
      PGDATABASE: "shop",
      PGUSER: "shop",
      PGPASSWORD: key("database", "password"),
      DATABASE_URL: "postgresql://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)",
      REDIS_HOST: "shop-redis",
      REDIS_PORT: "6379",
      REDIS_PASSWORD: key("cache", "password"),
      REDIS_URL: "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/0",
    });
  });

  it("reads where a database is from what made it", async () => {
    const of = async (what: string): Promise<unknown> => {
      const { PGHOST, PGDATABASE } = environmentOf(await one(services[what] ?? {}, "Deployment"));
      return [PGHOST, PGDATABASE];
    };
    assert.deepEqual(await of("with a Postgres and a Redis of operators'"), [
      key("shop-postgres-app", "host"),
      key("shop-postgres-app", "dbname"),
    ]);
    assert.deepEqual(await of("with a Postgres and a Redis by claim"), [
      key("shop-postgres", "endpoint"),
      key("shop-postgres", "database"),
    ]);
  });

  it("lets a variable name those of the databases, which the kubelet knows only from above", async () => {
    const [first] = Object.keys(
      environmentOf(
        await one(
          {
            postgres: { from: "existing", secret: "database" },
            environment: { JDBC: "jdbc:postgresql://$(PGHOST)/$(PGDATABASE)" },
          },
          "Deployment",
        ),
      ),
    ).reverse();
    assert.equal(first, "JDBC");
  });

  it("gives Redis its password by no argument", async () => {
    const redis = (await made(services["with a Postgres and a Redis of the chart's"] ?? {})).find(
      ({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "shop-redis",
    );
    assert.ok(redis);
    assert.match(String(containerOf(redis).command?.[2]), /^exec redis-server - <<END\n[^]*\nEND\n$/);
  });
});
