import { strict as assert } from "node:assert";
import { join } from "node:path";
import { parse } from "yaml";

import { starterFiles } from "../../../../components/service/starterFiles";

const project = join(__dirname, "../../../..");

describe("what a repository of services starts with", () => {
  for (const [gitHost, pipeline] of [
    ["gitea", ".gitea/workflows/services.yml"],
    ["github", "pipelines/services.yml"],
    ["gitlab", ".gitlab-ci.yml"],
  ] as const)
    it(`is the whole chart, the schema, and a pipeline that checks services at ${gitHost}`, () => {
      const files = starterFiles(project, gitHost);
      assert.match(files["charts/service/Chart.yaml"] ?? "", /^name: service$/m);
      assert.ok(files["charts/service/templates/deployment.yaml"]);
      assert.equal(
        JSON.parse(files["services/service.schema.json"] ?? "")["title"],
        "A service in one environment",
      );
      assert.ok(parse(files[pipeline] ?? ""));
      assert.match(files[pipeline] ?? "", /terp service check .*--tenant "\$TENANT"/);
      assert.equal(Object.keys(files).filter((path) => !path.startsWith("charts/")).length, 2);
    });
});
