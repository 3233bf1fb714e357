import { strict as assert } from "node:assert";
import { isatty } from "node:tty";
import { stringify } from "yaml";

import { credentialFrom } from "../../../infra/cluster/execCredential";
import { accessFrom } from "../../../infra/cluster/kubeApi";
import { ownPath } from "../../support/onPath";

const apiVersion = "client.authentication.k8s.io/v1";
const user = { apiVersion, command: "log-in" };

/** What such a program writes. */
function credential(status: object): string {
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status });
}

describe("a program that gives a kubeconfig's credential", () => {
  const path = ownPath();

  it("gives a token, or a certificate with its key", () => {
    path.program("log-in", `echo '${credential({ token: "the token" })}'`);
    assert.deepEqual(credentialFrom(user), { token: "the token" });
    path.program("log-in", `echo '${credential({ clientCertificateData: "C", clientKeyData: "K" })}'`);
    assert.deepEqual(credentialFrom(user), { certificate: "C", key: "K" });
  });

  it("gets its arguments, its environment, and whether somebody sits there", () => {
    path.program(
      "log-in",
      `echo "{\\"status\\":{\\"token\\":\\"$1 $2 $WHO $(echo "$KUBERNETES_EXEC_INFO" | tr -d '"')\\"}}"`,
    );
    const env = [{ name: "WHO", value: "me" }];
    assert.deepEqual(credentialFrom({ ...user, args: ["get", "one"], env }), {
      token: `get one me {apiVersion:${apiVersion},kind:ExecCredential,spec:{interactive:${String(isatty(0))}}}`,
    });
  });

  it("that isn't there is asked for, with the kubeconfig's own hint", () => {
    assert.throws(() => credentialFrom({ ...user, installHint: "get it at https://example.org" }), {
      message: `kubeconfig: its program "log-in" isn't there; get it at https://example.org`,
    });
  });

  it("that fails is quoted", () => {
    path.program("log-in", "echo 'Please run az login' >&2; exit 1");
    assert.throws(() => credentialFrom(user), {
      message: 'kubeconfig: its program "log-in" failed; log in as it asks for: Please run az login',
    });
  });

  for (const [what, script] of [
    ["nothing", "true"],
    ["something else", "echo hello"],
    ["no credential", `echo '${credential({})}'`],
  ] as const) {
    it(`that writes ${what} is named, and what it wrote is not`, () => {
      path.program("log-in", script);
      assert.throws(() => credentialFrom(user), {
        message:
          'kubeconfig: its program "log-in" gave no credential; expected an ExecCredential with a token or a certificate',
      });
    });
  }

  it("is run for the current context's user", () => {
    path.program("log-in", `echo '${credential({ token: "fresh" })}'`);
    const kubeconfig = stringify({
      "current-context": "one",
      clusters: [{ name: "c", cluster: { server: "https://api.example.org" } }],
      users: [{ name: "u", user: { exec: user } }],
      contexts: [{ name: "one", context: { cluster: "c", user: "u" } }],
    });
    assert.deepEqual(accessFrom(kubeconfig), { server: "https://api.example.org", token: "fresh" });
  });
});
