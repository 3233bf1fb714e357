/**
 * A double of Route 53 and of what EKS has beside it, because AWS can't be reached from where tests run. It was written from the
 * documentation of AWS' APIs, from its SDK for Go and from errors that people have published; nothing here was compared with the
 * service itself.
 *
 * It covers: public hosted zones; ListHostedZones, ListHostedZonesByName, ListResourceRecordSets, ChangeResourceRecordSets (CREATE,
 * UPSERT and DELETE, a batch as a whole) and GetChange; sets with an identifier; what Route 53 refuses: a zone that isn't there, a
 * record outside of its zone, one that is there already or isn't, another beside a CNAME, a text without quotation marks; STS'
 * AssumeRoleWithWebIdentity, as which EKS' webhook has a service account's pods sign in; and a name server that answers from the
 * zones' records, with the domain that they are delegated in. It doesn't cover: signatures, roles' rights and whom they trust,
 * private zones, tags, alias targets and routing policies, health checks, pages of lists, throttling, the time that a change takes.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { endingWithUs } from "../../../local/endingWithUs";
import { newAuthority, newCertificate } from "../../../local/node/certificates";
import { at } from "../attacks/identities";
import { eventually } from "../eventually";
import { podNetwork } from "../gateway/podNetwork";
import type { TrialPlatform } from "../trialPlatform";
import type { DoubleState, ServerSettings } from "./server";
import type { Change, Zone } from "./zones";

/** Where the double runs. */
export interface DoublePlace {
  readonly trial: TrialPlatform;
  readonly api: KubeApi;
  /** The domain that its zones are delegated in. */
  readonly parent: string;
  /** The namespaces whose service accounts may be roles. */
  readonly namespaces: readonly string[];
  /** What their pods' containers get besides, e.g. to be quicker. */
  readonly variables: Readonly<Record<string, string>>;
}

const name = "aws";
const ports = { api: 8600, webhook: 8643 };
const checkout = resolve(__dirname, "../../..");

/** See this file's first comment. It runs in a pod's network, and ends with the process that started it. */
export class Route53Double {
  private readonly path: string;

  private constructor(
    private readonly api: KubeApi,
    private readonly program: ChildProcess,
    /** Where its name server answers, on port 53. */
    readonly address: string,
  ) {
    this.path = `${at("v1", "pods", name, `http:${name}:${String(ports.api)}`)}/proxy/double`;
  }

  /** Starts it, and waits until it answers. */
  static async start({ trial, api, parent, namespaces, variables }: DoublePlace): Promise<Route53Double> {
    const { process: target, address } = await podNetwork(trial, api, name);
    const authority = await newAuthority("the AWS double's authority");
    const own = await newCertificate({ commonName: name, usage: "server", addresses: [address] }, authority);
    const settings: ServerSettings = { address, ports, parent, variables, ...own };
    const file = join(trial.folder, "aws.json");
    await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
    const [command = "", ...words] = endingWithUs("TERM", [
      ...["nsenter", `--target=${String(target)}`, "--net", "--"],
      ...[process.execPath, "--import", "tsx", join(__dirname, "server.ts"), file],
    ]);
    const program = spawn(command, words, { cwd: checkout, stdio: ["ignore", "ignore", "inherit"] });
    const double = new Route53Double(api, program, address);
    await eventually(() => double.state(), 60_000);
    await double.admitPods(namespaces, authority.certificate);
    return double;
  }

  /** All zones, and who changed records. */
  async state(): Promise<DoubleState> {
    return JSON.parse(await this.api.text(this.path)) as DoubleState;
  }

  /** The zone of a name. @throws if there is none. */
  async zone(domain: string): Promise<Zone> {
    const found = (await this.state()).zones.find((each) => each.name === `${domain}.`);
    if (found === undefined) throw new Error(`the double has no zone ${domain}`);
    return found;
  }

  /** Makes a zone. */
  async add(domain: string): Promise<void> {
    await this.api.post(`${this.path}/zones`, domain);
  }

  /** Changes a zone's records as somebody else. */
  async change(domain: string, changes: readonly Change[]): Promise<void> {
    await this.api.post(`${this.path}/records/${(await this.zone(domain)).id}`, changes);
  }

  stop(): void {
    this.program.kill("SIGTERM");
  }

  private async admitPods(namespaces: readonly string[], authority: string): Promise<void> {
    const webhook = {
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      failurePolicy: "Fail",
      clientConfig: {
        url: `https://${this.address}:${String(ports.webhook)}/`,
        caBundle: Buffer.from(authority).toString("base64"),
      },
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: [...namespaces] }],
      },
    };
    const rule = (operations: readonly string[], resources: string): object => ({
      ...{ apiGroups: [""], apiVersions: ["v1"], operations, resources: [resources] },
    });
    await this.api.post("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", {
      metadata: { name: "pod-identity" },
      webhooks: [
        {
          ...webhook,
          name: "pod-identity.aws.test",
          rules: [rule(["CREATE"], "pods"), rule(["CREATE", "UPDATE"], "serviceaccounts")],
        },
      ],
    });
  }
}
