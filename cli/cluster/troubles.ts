import { X509Certificate } from "node:crypto";

import { issuerName } from "../../components/certificates/names";
import { externalDnsName } from "../../components/dns/names";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { oneLine } from "../../infra/fault";
import { readyHealth } from "./health";

/** Something of certificates or host names that isn't as it should be. */
export interface Trouble {
  readonly about: "certificate" | "dns";
  /** What it is about, e.g. `issuer terp`. */
  readonly what: string;
  /** What is so, in one line. Never a secret. */
  readonly found: string;
  /** What to type or do. */
  readonly remedy: string;
  /** Whether somebody is without a certificate because of it, or will be with the next one. */
  readonly isFault: boolean;
  /** The namespace that it is in; empty for what is in none. */
  readonly namespace: string;
}

const certificatesApi = "/apis/cert-manager.io/v1";
const tlsSecrets =
  "/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls&labelSelector=app.kubernetes.io%2Fmanaged-by%3Dterp";

/** How many of external-dns' last lines are looked at: it says all that is wrong again each minute. */
const lastLines = 200;

/**
 * Asks the cluster what is wrong with issuers, certificates and records. Nothing is where the platform has neither.
 *
 * @param pods All pods, or at least external-dns'.
 */
export async function readTroubles(
  api: KubeApi,
  pods: readonly KubeObject[],
  now: Date,
): Promise<readonly Trouble[]> {
  const [issuers, certificates, secrets, lines] = await Promise.all([
    api.list(`${certificatesApi}/clusterissuers`),
    api.list(`${certificatesApi}/certificates`),
    api.list(tlsSecrets),
    linesOfExternalDns(api, pods),
  ]);
  return [
    ...issuers.flatMap(issuerTrouble),
    ...certificates.flatMap((each) => certificateTrouble(each, now)),
    ...secrets.flatMap((each) => madeTrouble(each, now)),
    ...recordTroubles(lines),
  ];
}

/** An issuer that can issue nothing: cert-manager says what the authority answered. */
export function issuerTrouble(issuer: KubeObject): Trouble[] {
  const { ready, reason } = readyHealth(issuer);
  if (ready) return [];
  const { name } = issuer.metadata;
  const remedy =
    name === issuerName
      ? "correct terp:certificates.issuer (server, email), then run terp up"
      : `kubectl describe clusterissuer ${name}`;
  return [
    {
      about: "certificate",
      what: `issuer ${name}`,
      found: oneLine(reason),
      remedy,
      isFault: true,
      namespace: "",
    },
  ];
}

/** A certificate of cert-manager's that has ended, or was never issued. */
export function certificateTrouble(certificate: KubeObject, now: Date): Trouble[] {
  const { name, namespace } = certificate.metadata;
  const { ready, reason } = readyHealth(certificate);
  const ends = Date.parse(String(certificate.status["notAfter"]));
  const isOver = ends <= now.getTime();
  if (ready && !isOver) return [];
  return [
    {
      about: "certificate",
      what: `certificate ${namespace}/${name}`,
      found: isOver ? `ended on ${dateOf(ends)}: ${oneLine(reason)}` : oneLine(reason),
      remedy: `kubectl -n ${namespace} describe certificate,certificaterequest,order,challenge`,
      isFault: isOver,
      namespace,
    },
  ];
}

/** A certificate that the program itself made, in a Secret: the private CA's, and those that it signed. */
export function madeTrouble(secret: KubeObject, now: Date): Trouble[] {
  const { name, namespace } = secret.metadata;
  const data = secret["data"] as Readonly<Record<string, string>> | undefined;
  const ends = endOf(Buffer.from(data?.["tls.crt"] ?? "", "base64"));
  if (ends !== undefined && ends > now.getTime()) return [];
  return [
    {
      about: "certificate",
      what: `certificate ${namespace}/${name}`,
      found: ends === undefined ? "isn't a certificate" : `ended on ${dateOf(ends)}`,
      remedy: "terp up, which renews it",
      isFault: true,
      namespace,
    },
  ];
}

/**
 * What external-dns says of records that it can't write: it has no conditions, and its log is the only place.
 *
 * @param lines Lines of its log, each a JSON object, the oldest first. Of what was said several times the last counts.
 */
export function recordTroubles(lines: readonly string[]): Trouble[] {
  const said = lines.flatMap(spoken);
  // What went well since makes it a thing of the past.
  const since = said.slice(said.findLastIndex(({ message }) => allIsWell.test(message)) + 1);
  const wrong = since.filter(({ level, message }) => failure.test(level) || missingZone.test(message));
  return [...new Set(wrong.map(({ message }) => oneLine(message)))].map((message) => ({
    about: "dns",
    what: "external-dns",
    found: message,
    remedy: missingZone.test(message)
      ? "make the zone, or correct terp:dns.zones; terp:dns says where it is looked for"
      : `look whether the identity of terp:dns may write the zones; kubectl -n ${externalDnsName} logs deploy/${externalDnsName}`,
    isFault: false,
    namespace: externalDnsName,
  }));
}

const failure = /^(error|fatal)$/;
/** Words of its providers, 0.23: azure.go and aws.go. */
const missingZone = /zone was not found|no hosted zone matching|NoSuchHostedZone/;
const allIsWell = /^All records are already up to date/;

function spoken(line: string): { readonly level: string; readonly message: string }[] {
  try {
    const { level, msg } = JSON.parse(line) as { readonly level?: unknown; readonly msg?: unknown };
    return [{ level: String(level), message: String(msg) }];
  } catch {
    return [];
  }
}

async function linesOfExternalDns(api: KubeApi, pods: readonly KubeObject[]): Promise<readonly string[]> {
  const pod = pods.find(({ metadata }) => metadata.namespace === externalDnsName);
  if (pod === undefined) return [];
  const path = `/api/v1/namespaces/${externalDnsName}/pods/${pod.metadata.name}/log?tailLines=${String(lastLines)}`;
  // A pod that doesn't run has none; that it doesn't is said of its Deployment.
  const text = await api.text(path).catch(() => "");
  return text.split("\n");
}

function endOf(pem: Buffer): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
