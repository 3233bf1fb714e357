import { strict as assert } from "node:assert";
import { parse } from "yaml";

import {
  environmentFolder,
  sampleGreeting,
  sampleSecret,
  scaffoldFiles,
  scaffoldSecrets,
  sopsRules,
  type ScaffoldArgs,
} from "../../../../components/tenant/scaffold";

const recipient = "age1team";
const args: ScaffoldArgs = {
  tenant: "team-blue",
  environment: "dev",
  namespace: "team-blue-app",
  namespaces: ["team-blue-app", "team-blue-web"],
  sampleImage: "ghcr.io/stefanprodan/podinfo:6.9.2",
  codeOwners: ["@acme/team-blue"],
  gitHost: "github",
};

const folder = "environments/dev";

/** A file of the scaffold as YAML's reader gives it. */
function parsed(path: string, of: ScaffoldArgs = args): any {
  return parse(scaffoldFiles(of, recipient)[path] ?? assert.fail(`no file ${path}`)) as unknown;
}

describe("a new tenant's repository", () => {
  it("has a folder for each environment", () => {
    assert.equal(environmentFolder("prd"), "environments/prd");
  });

  it("starts with what it takes to run the example", () => {
    assert.deepEqual(Object.keys(scaffoldFiles(args, recipient)).sort(), [
      ".sops.yaml",
      "CODEOWNERS",
      "README.md",
      `${folder}/deployment.yaml`,
      `${folder}/kustomization.yaml`,
      `${folder}/secrets/kustomization.yaml`,
      `${folder}/service.yaml`,
    ]);
    assert.deepEqual(Object.keys(scaffoldSecrets(args, recipient)), [`${folder}/secrets/greeting.yaml`]);
  });

  it("has a route to the example by the tenant's own Gateway, where the platform has one", () => {
    const routed = { ...args, host: "team-blue.apps.example.org" };
    assert.deepEqual(parsed(`${folder}/route.yaml`, routed).spec, {
      parentRefs: [{ name: "team-blue", namespace: "gateway" }],
      hostnames: ["team-blue.apps.example.org"],
      rules: [{ backendRefs: [{ name: "podinfo", port: 80 }] }],
    });
    assert.ok(parsed(`${folder}/kustomization.yaml`, routed).resources.includes("route.yaml"));
    assert.match(
      scaffoldFiles(routed, recipient)["README.md"] ?? "",
      /https:\/\/team-blue\.apps\.example\.org,/,
    );
  });

  it("lists every manifest in its Kustomization, the encrypted one too", () => {
    const paths = [
      ...Object.keys(scaffoldFiles(args, recipient)),
      ...Object.keys(scaffoldSecrets(args, recipient)),
    ];
    const manifests = paths
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1))
      .filter((name) => !name.endsWith("kustomization.yaml"));
    const { resources } = parsed(`${folder}/kustomization.yaml`) as { resources: string[] };
    const sealed = parsed(`${folder}/secrets/kustomization.yaml`) as { resources: string[] };
    const listed = [
      ...resources.filter((name) => name !== "secrets"),
      ...(resources.includes("secrets") ? sealed.resources.map((name) => `secrets/${name}`) : []),
    ];
    assert.deepEqual(listed.sort(), manifests.sort());
  });

  it("is applied to the tenant's first namespace", () => {
    for (const part of [folder, `${folder}/secrets`])
      assert.equal(parsed(`${part}/kustomization.yaml`).namespace, "team-blue-app");
  });

  it("encrypts to the tenant's key, whoever encrypts there", () => {
    assert.deepEqual(parsed(".sops.yaml"), {
      creation_rules: [{ path_regex: "\\.ya?ml$", encrypted_regex: "^(data|stringData)$", age: recipient }],
    });
  });

  it("encrypts nothing but a Secret's values: the rest can be reviewed", () => {
    const [rule] = (parse(sopsRules(recipient)) as { creation_rules: { encrypted_regex: string }[] })
      .creation_rules;
    const fields = ["data", "stringData", "metadata", "kind", "metadata.data", "database"];
    assert.deepEqual(
      fields.filter((field) => new RegExp(rule?.encrypted_regex ?? "").test(field)),
      ["data", "stringData"],
    );
  });

  it("hands its Secret over to be encrypted to the tenant's key, and holds it in no file in clear", () => {
    const [file] = Object.values(scaffoldSecrets(args, recipient));
    assert.equal(file?.recipient, recipient);
    assert.deepEqual(parse(file.manifest), sampleSecret("team-blue"));
    const clear = Object.values(scaffoldFiles(args, recipient)).join("\n");
    assert.ok(!clear.includes(sampleGreeting("team-blue")));
  });

  it("tells its people their namespaces, and how to encrypt", () => {
    const readme = scaffoldFiles(args, recipient)["README.md"] ?? "";
    assert.match(readme, /runs in your namespaces `team-blue-app`, `team-blue-web`,/);
    assert.match(readme, /sops encrypt --in-place environments\/dev\/secrets\/my-secret\.yaml/);
  });

  it("speaks of one namespace where there is one", () => {
    const readme = scaffoldFiles({ ...args, namespaces: ["team-blue-app"] }, recipient)["README.md"] ?? "";
    assert.match(readme, /runs in your namespace `team-blue-app`,/);
  });

  it("holds the same files in every run: a second one has nothing to write", () => {
    assert.deepEqual(scaffoldFiles(args, recipient), scaffoldFiles({ ...args }, recipient));
  });
});

describe("the example application", () => {
  const { spec } = parsed(`${folder}/deployment.yaml`).spec.template;
  const [container] = spec.containers;

  it("runs the image that the platform chose", () => {
    assert.equal(container.image, args.sampleImage);
  });

  it("shows the message of its Secret", () => {
    const secret = sampleSecret("team-blue") as { metadata: { name: string }; stringData: object };
    const message = container.env.find((one: { name: string }) => one.name === "PODINFO_UI_MESSAGE");
    assert.deepEqual(message.valueFrom.secretKeyRef, { name: secret.metadata.name, key: "message" });
    assert.deepEqual(secret.stringData, { message: sampleGreeting("team-blue") });
  });

  it("meets Pod Security's restricted profile, as its tenant's own workloads must", () => {
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("has no token for the API server", () => {
    assert.equal(spec.automountServiceAccountToken, false);
  });

  it("is found by its Service", () => {
    const service = parsed(`${folder}/service.yaml`).spec;
    const template = parsed(`${folder}/deployment.yaml`).spec.template;
    assert.deepEqual(service.selector, template.metadata.labels);
    assert.ok(container.ports.some((port: { name: string }) => port.name === service.ports[0].targetPort));
  });
});
