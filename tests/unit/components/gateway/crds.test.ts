import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { gatewayCrds } from "../../../../components/gateway/crds";
import { aFolder } from "../../../support/folders";
import { asYaml } from "../../../support/fluxRelease";
import { gatewayDefinitions } from "../../../support/gatewayDefinitions";

describe("the Gateway API's definitions", () => {
  const folder = aFolder();

  function from(objects: ReturnType<typeof gatewayDefinitions>): ReturnType<typeof gatewayCrds> {
    const file = join(folder.path, "standard-install.yaml");
    writeFileSync(file, asYaml(objects));
    return gatewayCrds({ kind: "file", file });
  }

  it("are those that Traefik waits for, whatever else is in the file", () => {
    assert.deepEqual(
      from(gatewayDefinitions("listenersets")).map(({ metadata }) => metadata.name.split(".")[0]),
      [
        "gatewayclasses",
        "gateways",
        "httproutes",
        "grpcroutes",
        "tlsroutes",
        "referencegrants",
        "backendtlspolicies",
      ],
    );
  });

  it("lose their descriptions, and no property of that name", () => {
    const [first] = from(gatewayDefinitions());
    assert.deepEqual(first?.["spec"], {
      group: "gateway.networking.k8s.io",
      versions: [
        {
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                description: { type: "string" },
                properties: { type: "object", properties: { description: { type: "string" } } },
              },
            },
          },
        },
      ],
    });
  });

  it("are none where the cluster has them", () => {
    assert.deepEqual(gatewayCrds({ kind: "installed" }), []);
  });

  it("have to be whole", () => {
    assert.throws(() => from(gatewayDefinitions().filter(({ metadata }) => !/^tls/.test(metadata.name))), {
      message:
        `${join(folder.path, "standard-install.yaml")}: no CustomResourceDefinition ` +
        `"tlsroutes.gateway.networking.k8s.io" among 6 objects; ` +
        `give the whole standard-install.yaml of a release from v1.5.0 on`,
    });
  });
});
