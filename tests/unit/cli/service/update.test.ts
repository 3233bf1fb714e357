import { strict as assert } from "node:assert";
import { parse } from "yaml";

import { serviceTemplates, type ServiceTemplate } from "../../../../cli/service/template";
import { serviceWritten } from "../../../../cli/service/update";
import { readServices } from "../../../../cli/service/read";
import { serviceAnswers } from "../../../support/aService";

const answers = serviceAnswers({ host: "shop.blue.example.org" });
const [first] = serviceTemplates as [ServiceTemplate];
const firstFile = serviceWritten(undefined, answers, [first])?.text ?? "";

/** A later template: another probe, one field more, one field less. */
const second: ServiceTemplate = (of) => {
  const { values, ...rest } = first(of) as { values: { route?: object } };
  return {
    ...rest,
    values: { probes: { readiness: { path: "/readyz" } }, replicas: 2, route: values.route },
  };
};

describe("writing a service's file", () => {
  it("makes one that is as it should be", () => {
    const { services, faults } = readServices([{ path: "services/local/shop.yaml", text: firstFile }]);
    assert.deepEqual(faults, []);
    assert.deepEqual(services[0]?.service.values?.["route"], {
      hosts: ["shop.blue.example.org"],
      gateway: { name: "team-blue" },
    });
  });

  it("changes nothing the second time", () => {
    assert.deepEqual(serviceWritten(firstFile, answers), { text: firstFile, changed: [], left: [] });
  });

  it("follows new answers", () => {
    const written = serviceWritten(firstFile, { ...answers, tag: "1.5.0" });
    assert.deepEqual(written?.changed, ["image.tag"]);
    assert.deepEqual((parse(written.text) as { image: object }).image, {
      name: "ghcr.io/team-blue/shop",
      tag: "1.5.0",
    });
  });

  it("brings what nobody changed to a newer template, and takes away what that doesn't have", () => {
    const written = serviceWritten(firstFile, answers, [first, second]);
    assert.deepEqual(written?.changed.toSorted(), [
      "values.port",
      "values.probes.readiness.path",
      "values.replicas",
    ]);
    assert.deepEqual(
      parse(written.text),
      parse(serviceWritten(undefined, answers, [first, second])?.text ?? ""),
    );
  });

  it("leaves what the developer changed, added or took out, and says what the template has", () => {
    const own = firstFile
      .replace("/healthz", "/mine")
      .replace(/ {2}port: 8080\n/, "  environment: # ours\n    MODE: production\n");
    const written = serviceWritten(own, answers, [first, second]);
    assert.deepEqual(written?.left, [
      { path: "values.probes.readiness.path", yours: "/mine", template: "/readyz" },
    ]);
    assert.deepEqual(written.changed, ["values.replicas"]);
    assert.match(written.text, /\n {2}environment:\n {4}# ours\n {4}MODE: production\n/);
  });

  it("says of a field once only that it is the developer's, and takes it up again when it is put back", () => {
    const own = firstFile.replace("/healthz", "/mine");
    const once = serviceWritten(own, answers, [first, second])?.text ?? "";
    assert.deepEqual(serviceWritten(once, answers, [first, second]), { text: once, changed: [], left: [] });
    const back = once.replace("/mine", "/readyz");
    assert.deepEqual(serviceWritten(back, answers, [first, second, first])?.changed.toSorted(), [
      "values.port",
      "values.probes.readiness.path",
      "values.replicas",
    ]);
  });

  it("leaves a file alone that a person wrote, or that a newer `terp` did", () => {
    const byHand = firstFile.split("\n").slice(1).join("\n");
    assert.equal(serviceWritten(byHand, answers), undefined);
    assert.equal(serviceWritten(firstFile.replace("template 1:", "template 9:"), answers), undefined);
  });
});
