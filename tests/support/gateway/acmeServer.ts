import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { images } from "../../../infra/versions";
import { endingWithUs } from "../../../local/endingWithUs";
import { newAuthority, newCertificate } from "../../../local/node/certificates";
import { silent } from "../../../local/progress";
import { ensureTools } from "../../../local/toolchain";
import { at } from "../attacks/identities";
import { eventually } from "../eventually";
import { processOfPod } from "../podProcess";
import type { TrialPlatform } from "../trialPlatform";

/** Where an authority runs. */
export interface AcmePlace {
  readonly trial: TrialPlatform;
  readonly api: KubeApi;
  /** Where every name leads in its DNS. */
  readonly names: string;
}

const namespace = "acme";
const pods = at("v1", "pods", namespace);
const port = { acme: 14000, management: 15000, dns: 8053, dnsManagement: 8055 };

/**
 * An authority by ACME (RFC 8555): Pebble, which checks a challenge by HTTP on port 80 of the host, as a public one does. It runs in the
 * network of a pod of its own, since pods of the embedded cluster reach nothing else; it ends with the process that started it.
 */
export class AcmeServer {
  private constructor(
    private readonly api: KubeApi,
    private readonly programs: readonly ChildProcess[],
    /** Its directory, as settings have it. */
    readonly directory: string,
    /** The file with the authority that its server is trusted by, in PEM. */
    readonly caFile: string,
  ) {}

  /** Starts it, and waits until it answers. */
  static async start({ trial, api, names }: AcmePlace): Promise<AcmeServer> {
    const { pebble } = await ensureTools(["pebble"], silent);
    const { process: target, address } = await networkOfItsOwn(trial, api);
    const authority = await newAuthority("the ACME server's authority");
    const own = await newCertificate(
      { commonName: "acme", usage: "server", addresses: [address] },
      authority,
    );
    const folder = join(trial.folder, "acme");
    await mkdir(folder);
    const file = async (name: string, content: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, content, { mode: 0o600 });
      return path;
    };
    const settings = {
      pebble: {
        listenAddress: `${address}:${String(port.acme)}`,
        managementListenAddress: `${address}:${String(port.management)}`,
        certificate: await file("server.pem", own.certificate),
        privateKey: await file("server.key", own.key),
        httpPort: 80,
        tlsPort: 443,
        keyAlgorithm: "ecdsa",
        retryAfter: { authz: 1, order: 1 },
      },
    };
    const start = (program: string, ...words: readonly string[]): ChildProcess => {
      const within = ["nsenter", `--target=${String(target)}`, "--net", "--"];
      const [command = "", ...rest] = endingWithUs("TERM", [
        ...within,
        join(pebble.directory, program),
        ...words,
      ]);
      // Without pauses and refusals that are to try a client's patience.
      const env = { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" };
      return spawn(command, rest, { env, stdio: "ignore" });
    };
    const dns = `127.0.0.1:${String(port.dns)}`;
    const programs = [
      start(
        "pebble-challtestsrv",
        ...["-http01=", "-https01=", "-doh=", "-tlsalpn01=", `-dnsserver=${dns}`],
        ...[`-management=127.0.0.1:${String(port.dnsManagement)}`, `-defaultIPv4=${names}`, "-defaultIPv6="],
      ),
      start("pebble", `-dnsserver=${dns}`, `-config=${await file("pebble.json", JSON.stringify(settings))}`),
    ];
    const caFile = await file("ca.pem", authority.certificate);
    const server = new AcmeServer(api, programs, `https://${address}:${String(port.acme)}/dir`, caFile);
    await eventually(() => server.root(), 30_000);
    return server;
  }

  /** The certificate by which those that it issues are trusted, in PEM: another one with each start. */
  async root(): Promise<string> {
    return this.api.text(`${pods}/https:${namespace}:${String(port.management)}/proxy/roots/0`);
  }

  stop(): void {
    for (const program of this.programs) program.kill("SIGTERM");
  }
}

/** A pod that does nothing, for its network. */
async function networkOfItsOwn(
  trial: TrialPlatform,
  api: KubeApi,
): Promise<{ readonly process: number; readonly address: string }> {
  await api.post("/api/v1/namespaces", { metadata: { name: namespace } });
  const pod = {
    metadata: { name: namespace },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: "network", image: images.podinfo, imagePullPolicy: "IfNotPresent" }],
    },
  };
  // The namespace's account is made a moment after it.
  await eventually(() => api.post(pods, pod), 30_000);
  return eventually(async () => {
    const [made] = await api.list(pods);
    assert.equal(made?.status["phase"], "Running");
    const found = processOfPod(trial, String(made.metadata["uid"]));
    assert.ok(found, "the authority's pod has no process");
    return { process: found, address: String(made.status["podIP"]) };
  });
}
