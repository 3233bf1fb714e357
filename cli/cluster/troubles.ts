import { X509Certificate } from "node:crypto";

import { issuerName } from "../../components/certificates/names";
import { externalDnsName } from "../../components/dns/names";
import { KubeApiError, type KubeApi, type KubeObject } from "../../infra/cluster/kubeApi";
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
  const recorder = pods.find(({ metadata }) => metadata.namespace === externalDnsName);
  const [issuers, certificates, challenges, secrets, lines] = await Promise.all([
    api.list(`${certificatesApi}/clusterissuers`),
    api.list(`${certificatesApi}/certificates`),
    challengesIn(api),
    api.list(tlsSecrets),
    linesOf(api, recorder),
  ]);
  return [
    ...issuers.flatMap(issuerTrouble),
    ...certificates.flatMap((each) => certificateTrouble(each, challenges, now)),
    ...secrets.flatMap((each) => madeTrouble(each, now)),
    ...recordTroubles(lines, zonesOf(recorder)),
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

/**
 * A certificate of cert-manager's that has ended, or was never issued.
 *
 * @param challenges All that are open: one for a host of the certificate's says why it isn't issued, where the certificate says only that
 * it is waited for.
 */
export function certificateTrouble(
  certificate: KubeObject,
  challenges: readonly KubeObject[],
  now: Date,
): Trouble[] {
  const { name, namespace } = certificate.metadata;
  const { ready, reason } = readyHealth(certificate);
  const ends = Date.parse(String(certificate.status["notAfter"]));
  const isOver = ends <= now.getTime();
  if (ready && !isOver) return [];
  const found = [oneLine(reason), ...openChallenges(certificate, challenges)].join("; ");
  return [
    {
      about: "certificate",
      what: `certificate ${namespace}/${name}`,
      found: isOver ? `ended on ${dateOf(ends)}: ${found}` : found,
      remedy: `kubectl -n ${namespace} describe certificate,certificaterequest,order,challenge`,
      isFault: isOver,
      namespace,
    },
  ];
}

/** Why hosts of a certificate's aren't proven, in cert-manager's words. */
function openChallenges(certificate: KubeObject, challenges: readonly KubeObject[]): string[] {
  const hosts = ((certificate.spec["dnsNames"] ?? []) as readonly string[]).map(withoutStar);
  const said = challenges.flatMap(({ metadata, spec, status }) => {
    const host = String(spec["dnsName"]);
    const { reason } = status as { readonly reason?: string };
    const isOurs = metadata.namespace === certificate.metadata.namespace && hosts.includes(host);
    return isOurs && reason ? [`${host}: ${oneLine(reason)}`] : [];
  });
  return [...new Set(said)];
}

function withoutStar(host: string): string {
  return host.replace(/^\*\./, "");
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
 * What external-dns says of records that it can't write: it has no conditions, and its log is the only place. On Route 53 it says nothing
 * of a record without a zone, but in each round which zones it has found.
 *
 * @param lines Lines of its log, each a JSON object, the oldest first. Of what was said several times the last counts.
 * @param zones Those that it is told to write.
 */
export function recordTroubles(lines: readonly string[], zones: readonly string[]): Trouble[] {
  const said = lines.flatMap(spoken);
  const found = said.findLast(({ message }) => zonesFound.test(message))?.message;
  const missing = found === undefined ? [] : zones.filter((zone) => !zonesIn(found).includes(zone));
  // What went well since makes it a thing of the past.
  const since = said.slice(said.findLastIndex(({ message }) => allIsWell.test(message)) + 1);
  const wrong = since.filter(({ level, message }) => failure.test(level) || missingZone.test(message));
  const messages = [
    ...missing.map((zone) => `zone ${zone} was not found among those that its identity can list`),
    ...wrong.map(({ message }) => oneLine(message)),
  ];
  return [...new Set(messages)].map((message) => ({
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
/** Words of its providers, 0.21: azure.go and aws.go. */
const missingZone = /zone (\S+ )?was not found|no hosted zone matching|NoSuchHostedZone/;
const zonesFound = /^Applying provider record filter for domains: \[(.*)\]$/;
/** It says so of records without a zone, too, and goes on: "…, there are no changes for the matching hosted zones". */
const allIsWell = /^All records are already up to date$/;

/** The names in what {@link zonesFound} fits: each with a dot at its end, and once more with one before it. */
function zonesIn(message: string): readonly string[] {
  const names = (zonesFound.exec(message)?.[1] ?? "").split(" ");
  return names.map((name) => name.replace(/\.$/, ""));
}

/** The zones that external-dns is told to write, by its pod's arguments. */
function zonesOf(pod: KubeObject | undefined): readonly string[] {
  const containers = (pod?.spec["containers"] ?? []) as readonly { readonly args?: readonly string[] }[];
  const words = containers.flatMap(({ args = [] }) => args);
  return words.flatMap((word) => /^--domain-filter=(.+)$/.exec(word)?.[1] ?? []);
}

function spoken(line: string): { readonly level: string; readonly message: string }[] {
  try {
    const { level, msg } = JSON.parse(line) as { readonly level?: unknown; readonly msg?: unknown };
    return [{ level: String(level), message: String(msg) }];
  } catch {
    return [];
  }
}

/** Open challenges of ACME's; none where the cluster doesn't let us see them, which a run since does. */
async function challengesIn(api: KubeApi): Promise<readonly KubeObject[]> {
  return api.list("/apis/acme.cert-manager.io/v1/challenges").catch((error: unknown) => {
    if (error instanceof KubeApiError && error.status === 403) return [];
    throw error;
  });
}

async function linesOf(api: KubeApi, pod: KubeObject | undefined): Promise<readonly string[]> {
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
