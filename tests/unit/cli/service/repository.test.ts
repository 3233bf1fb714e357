import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";

import { addService } from "../../../../cli/service/add";
import { checkServices } from "../../../../cli/service/check";
import { renderingChanges, servicesIn, writeChanges } from "../../../../cli/service/repository";
import type { ServiceAddOptions } from "../../../../cli/service/request";
import { aService, aServiceFile } from "../../../support/aService";

const options: ServiceAddOptions = {
  stack: "local",
  tenant: "team-blue",
  image: "ghcr.io/team-blue/shop",
  tag: "1.4.2",
  chart: "https://git.example.org/platform/terp.git",
  revision: "v1.0.0",
};
const kustomization = "# Ours.\nnamespace: team-blue-app\nresources:\n  - deployment.yaml\n";

describe("a tenant's repository with services", () => {
  let root: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string): string => readFileSync(join(root, path), "utf8");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "terp-services-"));
    write("environments/local/kustomization.yaml", kustomization);
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("has a service added with all that Flux needs, and then is as it should be", () => {
    const added = addService(root, "shop", options);
    assert.deepEqual(added.files, [
      "services/local/shop.yaml",
      "environments/local/services/kustomization.yaml",
      "environments/local/services/chart-sources.yaml",
      "environments/local/services/release-shop.yaml",
      "environments/local/kustomization.yaml",
    ]);
    assert.equal(read("environments/local/kustomization.yaml"), `${kustomization}  - services\n`);
    assert.deepEqual(checkServices(root, { tenant: "team-blue" }), { services: 1, faults: [] });
    assert.deepEqual(addService(root, "shop", { stack: "local" }).files, []);
  });

  it("has its file alone added where Argo CD makes services of the files", () => {
    write("services/.argocd", "");
    assert.deepEqual(addService(root, "shop", options).files, ["services/local/shop.yaml"]);
    assert.deepEqual(checkServices(root, { tenant: "team-blue" }), { services: 1, faults: [] });
  });

  it("has a second one added with what the first one says of tenant and chart", () => {
    addService(root, "shop", options);
    addService(root, "web", { stack: "local", image: "ghcr.io/team-blue/web", tag: "2" });
    const [shop, web] = servicesIn(root).services.map(({ service }) => service);
    assert.deepEqual([web?.service.tenant, web?.chart], ["team-blue", shop?.chart]);
    assert.equal(read("environments/local/services/chart-sources.yaml").split("\n---\n").length, 1);
  });

  it("has nothing written while an option is missing, or wrong", () => {
    assert.throws(() => addService(root, "shop", { stack: "local", tag: "1" }), {
      message:
        "services/local/shop.yaml: got no --tenant, no --image, no --chart, no --revision, expected them the first time; " +
        "`terp service add --help` has an example. Nothing was written.",
    });
    assert.throws(() => addService(root, "shop", { ...options, tag: "latest" }), {
      message: /^Nothing was written\.\n\nservices\/local\/shop\.yaml: image\.tag\n/,
    });
    assert.equal(existsSync(join(root, "services")), false);
  });

  it("keeps a file that a person wrote", () => {
    const { path, text } = aServiceFile();
    write(path, text);
    assert.throws(() => addService(root, "shop", { ...options, tag: "9" }), {
      message: /^services\/local\/shop\.yaml: got a file that `terp service add` didn't write/,
    });
    assert.equal(read(path), text);
  });

  it("is found stale when a file changes and what comes of it doesn't", () => {
    addService(root, "shop", options);
    write("services/local/shop.yaml", read("services/local/shop.yaml").replace("tag: 1.4.2", "tag: 1.5.0"));
    const { faults } = checkServices(root);
    assert.deepEqual(faults, [
      {
        path: "environments/local/services/release-shop.yaml",
        given: "not what the services' files say",
        expected: "what `terp service render` makes of them",
        remedy: "type: terp service render, and commit what it changes",
      },
    ]);
    assert.deepEqual(checkServices(root, { isArgo: true }).faults, []);
  });

  it("loses what came of a service when its file goes, and nothing that a person wrote", () => {
    addService(root, "shop", options);
    write("environments/local/services/notes.yaml", "mine: true\n");
    rmSync(join(root, "services/local/shop.yaml"));
    assert.deepEqual(
      checkServices(root).faults.map(({ path, given }) => [path, given]),
      [
        ["environments/local/services/chart-sources.yaml", "a file of a service that is gone"],
        ["environments/local/services/kustomization.yaml", "not what the services' files say"],
        ["environments/local/services/release-shop.yaml", "a file of a service that is gone"],
      ],
    );
    writeChanges(root, renderingChanges(root, servicesIn(root).services));
    assert.deepEqual(parse(read("environments/local/services/kustomization.yaml")), { resources: [] });
    assert.equal(existsSync(join(root, "environments/local/services/release-shop.yaml")), false);
    assert.equal(read("environments/local/services/notes.yaml"), "mine: true\n");
    assert.deepEqual(checkServices(root).faults, []);
  });

  it("is refused a service that its environment's folder would move into another namespace", () => {
    const service = { ...aService().service, namespace: "jobs" };
    const { path, text } = aServiceFile({ service });
    write(path, text);
    assert.deepEqual(checkServices(root).faults, [
      {
        path: "services/local/shop.yaml: service.namespace",
        given: "jobs, which is team-blue-jobs",
        expected: "team-blue-app: environments/local/kustomization.yaml moves everything there",
        remedy: "name that namespace, or take the field namespace out of kustomization.yaml",
      },
    ]);
  });
});
