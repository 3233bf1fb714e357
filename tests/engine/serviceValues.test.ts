import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { serviceApplications } from "../../components/service/applicationSet";
import { chartValues, type Service } from "../../components/service/service";
import { aService } from "../support/aService";
import { aFolder } from "../support/folders";
import { helm } from "../support/serviceChart";

/** The values in a service's Application, by the same template functions as Argo CD's: those of sprig, which Helm has. */
async function valuesOf(folder: string, service: Service): Promise<unknown> {
  const { template } = serviceApplications({
    tenant: "team-blue",
    environment: "local",
    repository: { url: "https://git.example.org/a.git", branch: "main" },
    everySeconds: 5,
    syncPolicy: {},
  }) as { readonly template: { readonly spec: { readonly source: { readonly helm: { values: string } } } } };
  const { values } = template.spec.source.helm;
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), "{ apiVersion: v2, name: values, version: 0.1.0 }\n");
  writeFileSync(join(folder, "templates/values.yaml"), "{{ tpl .Values.template .Values.file }}\n");
  return parse(await helm(["template", "x", folder], { template: values, file: service })) as unknown;
}

describe("the values of a service under Argo CD", () => {
  const folder = aFolder();

  for (const [what, service] of [
    ["without values of its own", aService()],
    ["with values", aService({ values: { port: 9898, probes: { readiness: { path: "/" } } } })],
    ["with more of its image", aService({ values: { image: { pullSecrets: ["registry"] } } })],
    [
      "that would break out of their text",
      aService({ values: { environment: { A: '"} } }\nproject: default # {{ .cluster }}' } } }),
    ],
  ] as const) {
    it(`are those that Flux gives the chart: a service ${what}`, async () => {
      assert.deepEqual(await valuesOf(folder.path, service), chartValues(service));
    });
  }
});
