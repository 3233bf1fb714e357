import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readServices } from "../../../../cli/service/read";
import { jsonSchema } from "../../../../cli/service/schema";
import { describeFaults } from "../../../../infra/fault";
import { aService, aServiceFile } from "../../../support/aService";

const path = "services/local/shop.yaml";
const fault = (where: string, given: string, expected: string, remedy: string): string =>
  describeFaults([{ path: where, given, expected, remedy }]);
const { image, chart, service } = aService();

/** Files with one fault each, and what is said of it. */
const wrong: readonly (readonly [what: string, file: { path: string; text: string }, says: string])[] = [
  [
    "lies elsewhere",
    aServiceFile({}, "services/shop.yaml"),
    fault(
      "services/shop.yaml",
      "a file here",
      "services/<environment>/<service>.yaml",
      "move it, and give it the service's name",
    ),
  ],
  [
    "isn't YAML",
    { path, text: "cluster: [" },
    fault(
      path,
      "Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 11",
      "YAML",
      "mend the line that is named",
    ),
  ],
  [
    "has a field that doesn't exist",
    aServiceFile({ image: { ...image, tags: "1" } }),
    fault(`${path}: image.tags`, "a field that doesn't exist", "one of name, tag", "write tag"),
  ],
  [
    "lacks a field",
    aServiceFile({ cluster: undefined }),
    fault(
      `${path}: cluster`,
      "nothing",
      "a cluster's name: lower-case letters, digits and dashes, 40 at most",
      "write for example cluster: in-cluster",
    ),
  ],
  [
    "lacks a group",
    aServiceFile({ image: undefined }),
    fault(
      `${path}: image`,
      "nothing",
      "fields: name, tag",
      "write them below it, as `terp service add` does",
    ),
  ],
  [
    "has a number for a tag",
    aServiceFile({ image: { ...image, tag: 1.1 } }),
    fault(
      `${path}: image.tag`,
      "1.1",
      "a tag that names one build, in quotes",
      'write for example tag: "1.4.2"',
    ),
  ],
  [
    "has any build",
    aServiceFile({ image: { ...image, tag: "latest" } }),
    fault(
      `${path}: image.tag`,
      '"latest"',
      "a tag that names one build, in quotes",
      'write for example tag: "1.4.2"',
    ),
  ],
  [
    "has a chart elsewhere than in Git",
    aServiceFile({ chart: { ...chart, url: "oci://registry.example.org/service" } }),
    fault(
      `${path}: chart.url`,
      '"oci://registry.example.org/service"',
      "a Git repository's address by https or ssh, without a password",
      "write for example url: https://git.example.org/platform/terp.git",
    ),
  ],
  [
    "has a chart outside of its folder",
    aServiceFile({ chart: { ...chart, path: "../other" } }),
    fault(
      `${path}: chart.path`,
      '"../other"',
      "the chart's folder in that repository",
      "write for example path: charts/service",
    ),
  ],
  [
    "names a Secret that Flux doesn't read",
    aServiceFile({ chart: { ...chart, secret: "sops-age" } }),
    fault(
      `${path}: chart.secret`,
      '"sops-age"',
      "repository-access for the tenant's own repository, or git-access",
      "write for example secret: repository-access",
    ),
  ],
  [
    "is called otherwise than its service",
    aServiceFile({}, "services/local/web.yaml"),
    fault(
      "services/local/web.yaml: service.name",
      '"shop"',
      "the file's name, web",
      "write name: web, or rename the file to shop.yaml",
    ),
  ],
  [
    "says the image twice",
    aServiceFile({ values: { image: { tag: "2", pullSecrets: ["registry"] } } }),
    fault(
      `${path}: values.image.tag`,
      "the image a second time",
      "the image in image alone",
      "leave it out, and write image.tag",
    ),
  ],
];

describe("a service's file", () => {
  it("is read with its environment, which its folder names", () => {
    const { services, faults } = readServices([aServiceFile({ values: { port: 9898 } })]);
    assert.deepEqual(faults, []);
    assert.deepEqual(services, [
      { path, environment: "local", service: aService({ values: { port: 9898 } }) },
    ]);
  });

  for (const [what, file, says] of wrong) {
    it(`is refused where it ${what}`, () => {
      assert.equal(describeFaults(readServices([file]).faults), says);
    });
  }

  it("has its faults told together with those of all others", () => {
    const { faults } = readServices([
      aServiceFile({ cluster: "?", image: { name: "x", tag: "1" } }),
      aServiceFile({ service: { ...service, name: "web" } }, "services/prd/web.yaml"),
      aServiceFile({}, "services/prd/other.yaml"),
    ]);
    assert.deepEqual(
      faults.map((each) => each.path),
      [`${path}: cluster`, `${path}: image.name`, "services/prd/other.yaml: service.name"],
    );
  });

  it("can't say that it is another tenant's: the repository's is the pipeline's word, or the first file's", () => {
    const red = aServiceFile(
      { service: { ...service, name: "web", tenant: "team-red" } },
      "services/local/web.yaml",
    );
    const said = fault(
      "services/local/web.yaml: service.tenant",
      '"team-red"',
      "team-blue: a repository is one tenant's",
      "write tenant: team-blue, or move the file into team-red's repository",
    );
    assert.equal(describeFaults(readServices([aServiceFile(), red]).faults), said);
    assert.equal(describeFaults(readServices([red], "team-blue").faults), said);
  });

  it("has a JSON schema that is the same", () => {
    const file = join(__dirname, "../../../../pipelines/services/service.schema.json");
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(jsonSchema())));
  });
});
