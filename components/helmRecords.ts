import { gunzipSync, gzipSync } from "node:zlib";

/** What Helm's record of one revision of a release says on its outside: Helm keeps one Secret for each. */
export interface HelmRecord {
  /** The Secret's name. */
  readonly name: string;
  /** The Secret's labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What Helm notes while it is at something. Whoever is stopped then leaves it, and Helm refuses to go on from it. */
const unfinished = ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"];

/** The newest revision's record; `undefined` where Helm knows of no release. */
export function newestOf(records: readonly HelmRecord[]): HelmRecord | undefined {
  const revision = ({ labels }: HelmRecord): number => Number(labels["version"] ?? 0);
  return [...records].sort((one, other) => revision(other) - revision(one))[0];
}

/** Whether an operation on the release was stopped in the middle. */
export function isUnfinished(record: HelmRecord | undefined): record is HelmRecord {
  return unfinished.includes(record?.labels["status"] ?? "");
}

/** Whether Helm would refuse to install under the release's name: what it knows is none that failed or is gone. */
export function isInTheWay(record: HelmRecord | undefined): record is HelmRecord {
  return record !== undefined && !["failed", "uninstalled"].includes(record.labels["status"] ?? "");
}

/**
 * A record's content that says that its revision has failed: Helm goes on from that, upgrading or installing.
 *
 * @param content The Secret's field `release`, in base64: Helm's own base64 of a compressed JSON text.
 */
export function asFailed(content: string): string {
  const text = gunzipSync(Buffer.from(Buffer.from(content, "base64").toString(), "base64")).toString();
  const release = JSON.parse(text) as { info: Record<string, unknown>; [field: string]: unknown };
  const changed = {
    ...release,
    info: { ...release.info, status: "failed", description: "Interrupted; taken up again by Terp" },
  };
  const packed = gzipSync(JSON.stringify(changed)).toString("base64");
  return Buffer.from(packed).toString("base64");
}
