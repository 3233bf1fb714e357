import { strict as assert } from "node:assert";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as nodeTls from "node:tls";

import { PrivateCa } from "../../../../components/certificates/privateCa";
import { ServerCertificate } from "../../../../components/certificates/serverCertificate";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";
import { tlsAnswers } from "../../../support/tlsAnswers";

const place = { name: "team-blue", namespace: "gateway" };
const owner = { environment: "dev", role: "platform" } as const;

interface Made {
  readonly record: Recorder;
  readonly files: Readonly<Record<string, string>>;
}

async function make(hosts: readonly string[] = ["app.example.org"]): Promise<Made> {
  const record = recorder({ outputs: tlsAnswers() });
  const authority = new PrivateCa("private-ca", { environment: "dev", identity: "an identity" });
  const made = new ServerCertificate("team-blue", { owner, ...place, hosts, authority });
  await resolve(made.secret.id);
  await record.settled();
  const { stringData } = record.byName("Secret/gateway/team-blue").inputs;
  return { record, files: record.plain(stringData) as Record<string, string> };
}

/** Whether a client that trusts the CA alone takes the server for the host, by a handshake. */
async function isTrusted(files: Made["files"], ca: string | undefined, host: string): Promise<boolean> {
  const server = nodeTls.createServer({ cert: files["tls.crt"], key: files["tls.key"] }, (socket) => {
    socket.on("error", () => undefined).end();
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = nodeTls.connect({ port, host: "127.0.0.1", servername: host, ca });
  try {
    await once(client, "secureConnect");
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
    server.close();
  }
}

describe("a server's certificate", () => {
  it("is taken for its hosts by who trusts the CA", async () => {
    const { files } = await make(["app.example.org", "*.blue.example.org"]);
    for (const host of ["app.example.org", "any.blue.example.org"])
      assert.ok(await isTrusted(files, files["ca.crt"], host), host);
  });

  it("is taken for no other host", async () => {
    const { files } = await make();
    assert.equal(await isTrusted(files, files["ca.crt"], "other.example.org"), false);
  });

  it("is taken by nobody who doesn't trust the CA", async () => {
    const { files } = await make();
    assert.equal(await isTrusted(files, undefined, "app.example.org"), false);
  });

  it("is taken, after a lost state, by who trusts the CA from before", async () => {
    const [before, after] = [await make(), await make()];
    assert.notEqual(before.files["ca.crt"], after.files["ca.crt"]);
    assert.ok(await isTrusted(after.files, before.files["ca.crt"], "app.example.org"));
  });

  it("is a Secret of the kind that servers of TLS take, with its owner's labels", async () => {
    const { record } = await make();
    const { inputs } = record.byName("Secret/gateway/team-blue");
    assert.equal(inputs.type, "kubernetes.io/tls");
    assert.equal(inputs.metadata.labels["terp.dev/environment"], "dev");
  });

  it("keeps its private key secret, in whatever it is handed to", async () => {
    const { record } = await make();
    const holders = ["CertRequest/gateway/team-blue", "LocallySignedCert/gateway/team-blue"];
    const keys = holders.map((name) => record.byName(name).inputs);
    assert.ok(record.isSecret(keys[0].privateKeyPem));
    assert.ok(record.isSecret(keys[1].caPrivateKeyPem));
    assert.ok(record.isSecret(record.byName("Secret/gateway/team-blue").inputs.stringData));
  });

  it("is good for 90 days, and renewed by a run in the last 30", async () => {
    const { record } = await make();
    const { inputs } = record.byName("LocallySignedCert/gateway/team-blue");
    assert.deepEqual([inputs.validityPeriodHours, inputs.earlyRenewalHours], [2160, 720]);
  });

  it("isn't made for no host", async () => {
    await assert.rejects(make([]), {
      message:
        'certificate "gateway/team-blue": got no host names, expected one or more; write for example hosts: ["app.example.org"]',
    });
  });
});
