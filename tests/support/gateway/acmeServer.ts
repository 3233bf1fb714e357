import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { endingWithUs } from "../../../local/endingWithUs";
import { newAuthority, newCertificate } from "../../../local/node/certificates";
import { silent } from "../../../local/progress";
import { ensureTools } from "../../../local/toolchain";
import { at } from "../attacks/identities";
import { eventually } from "../eventually";
import type { TrialPlatform } from "../trialPlatform";
import { podNetwork } from "./podNetwork";

/** Where an authority runs. */
export interface AcmePlace {
  readonly trial: TrialPlatform;
  readonly api: KubeApi;
  /** What its namespace and pod are called. */
  readonly name: string;
  /** What it asks for names: a server of its own, in which every name leads to one address, or one that there is. */
  readonly dns: { readonly address: string } | { readonly server: string };
}

const port = { acme: 14000, management: 15000, dns: 8053, dnsManagement: 8055 };

/**
 * An authority by ACME (RFC 8555): Pebble, which checks a challenge by HTTP on port 80 of the host, or in DNS, as a public one does. It runs in the
 * network of a pod of its own, since pods of the embedded cluster reach nothing else; it ends with the process that started it.
 */
export class AcmeServer {
  private constructor(
    /** Where its own certificates are asked for. */
    private readonly roots: { readonly api: KubeApi; readonly path: string },
    private readonly programs: readonly ChildProcess[],
    /** Its directory, as settings have it. */
    readonly directory: string,
    /** The file with the authority that its server is trusted by, in PEM. */
    readonly caFile: string,
  ) {}

  /** Starts it, and waits until it answers. */
  static async start({ trial, api, name, dns }: AcmePlace): Promise<AcmeServer> {
    const { pebble } = await ensureTools(["pebble"], silent);
    const { process: target, address } = await podNetwork(trial, api, name);
    const authority = await newAuthority("the ACME server's authority");
    const own = await newCertificate({ commonName: name, usage: "server", addresses: [address] }, authority);
    const folder = join(trial.folder, name);
    await mkdir(folder);
    const file = async (part: string, content: string): Promise<string> => {
      const path = join(folder, part);
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
    const asked = "server" in dns ? dns.server : `127.0.0.1:${String(port.dns)}`;
    const programs = [
      ...("server" in dns
        ? []
        : [
            start(
              "pebble-challtestsrv",
              ...["-http01=", "-https01=", "-doh=", "-tlsalpn01=", `-dnsserver=${asked}`],
              ...[`-management=127.0.0.1:${String(port.dnsManagement)}`],
              ...[`-defaultIPv4=${dns.address}`, "-defaultIPv6="],
            ),
          ]),
      start(
        "pebble",
        `-dnsserver=${asked}`,
        `-config=${await file("pebble.json", JSON.stringify(settings))}`,
      ),
    ];
    const caFile = await file("ca.pem", authority.certificate);
    const roots = `${at("v1", "pods", name, `https:${name}:${String(port.management)}`)}/proxy/roots/0`;
    const directory = `https://${address}:${String(port.acme)}/dir`;
    const server = new AcmeServer({ api, path: roots }, programs, directory, caFile);
    await eventually(() => server.root(), 30_000);
    return server;
  }

  /** The certificate by which those that it issues are trusted, in PEM: another one with each start. */
  async root(): Promise<string> {
    return this.roots.api.text(this.roots.path);
  }

  stop(): void {
    for (const program of this.programs) program.kill("SIGTERM");
  }
}
