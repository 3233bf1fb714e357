import type { NodeCertificate } from "../../local/node";
import type { Trouble } from "../cluster/troubles";
import type { DrillReport } from "../drill/report";
import { typed, type Finding } from "./finding";

const day = 24 * 60 * 60 * 1000;
/** How long before its end a certificate is warned of, and after how long a drill is forgotten. */
const soon = 30 * day;

/** What is known of the state. */
export type StateFacts =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly reason: string }
  | {
      readonly kind: "there";
      /** Whether its secrets can be decrypted; the file with the passphrase if that is on this machine. */
      readonly secrets: "readable" | "no passphrase" | "wrong passphrase" | { readonly fault: string };
      readonly passphrase: string;
    };

/** What is wrong with the state. */
export function judgeState(stack: string, facts: StateFacts): readonly Finding[] {
  if (facts.kind === "absent") {
    return [
      {
        severity: "warning",
        about: "state",
        found: "there is no state, or nothing in it",
        expected: "the state of a platform that is up",
        remedy: `${typed("up", stack)}, which takes over what exists`,
      },
    ];
  }
  if (facts.kind === "unreadable") {
    return [
      {
        severity: "fault",
        about: "state",
        found: `the state can't be read: ${facts.reason}`,
        expected: "one that the engine reads",
        remedy: `mend what it says, or take the state for lost: move it away, then ${typed("up", stack)}`,
      },
    ];
  }
  const { secrets, passphrase } = facts;
  if (secrets === "readable") return [];
  const remedy = `bring the file back from a copy of the keep folder; without one take the state for lost: move it away, then ${typed("up", stack)}`;
  if (secrets === "no passphrase") {
    return [
      {
        severity: "fault",
        about: "state",
        found: `the passphrase ${passphrase} isn't there: the state's secrets can't be read`,
        expected: "the file that they were encrypted with",
        remedy,
      },
    ];
  }
  if (secrets === "wrong passphrase") {
    return [
      {
        severity: "fault",
        about: "state",
        found: `the passphrase ${passphrase} isn't the one that the state's secrets are encrypted with`,
        expected: "the file that they were encrypted with",
        remedy,
      },
    ];
  }
  return [
    {
      severity: "fault",
      about: "state",
      found: `the state's secrets can't be read: ${secrets.fault}`,
      expected: "the passphrase or the key that they were encrypted with",
      remedy: "set PULUMI_CONFIG_PASSPHRASE_FILE, or sign in to where the key is",
    },
  ];
}

/** What is known of the cluster. */
export type ClusterFacts =
  | { readonly kind: "running" }
  | { readonly kind: "absent" }
  | { readonly kind: "unreachable"; readonly reason: string };

/** What is wrong with the cluster. Its loss is what a recovery is for: no fault. */
export function judgeCluster(stack: string, facts: ClusterFacts): readonly Finding[] {
  if (facts.kind === "running") return [];
  return [
    {
      severity: "warning",
      about: "cluster",
      found:
        facts.kind === "absent"
          ? "there is no cluster: what only it can tell wasn't looked at"
          : `the cluster can't be asked: ${facts.reason}`,
      expected: "one that answers",
      remedy: typed("up", stack),
    },
  ];
}

/** A certificate, and what to do when it ends. */
export type CertificateFacts = NodeCertificate & {
  /** Whether the platform makes it itself. */
  readonly isOurs: boolean;
};

function listOf(certificates: readonly CertificateFacts[]): string {
  const first = Math.min(...certificates.map((each) => each.ends.getTime()));
  const names = certificates.map((each) => each.name).join(", ");
  return `${names}: ${new Date(first).toISOString().slice(0, 10)}`;
}

function mend(
  stack: string,
  { isOurs, isAuthority }: Pick<CertificateFacts, "isOurs" | "isAuthority">,
): string {
  if (!isOurs) return "get a new kubeconfig from whoever made the cluster, and put it in the old one's place";
  if (!isAuthority) return `${typed("up", stack)}, which renews it`;
  return `${typed("down", stack)}, then ${typed("up", stack)}: the cluster is made anew, with the same keys and repositories`;
}

/** Which certificates have ended, or end soon. Those that are mended in the same way, together. */
export function judgeCertificates(
  stack: string,
  certificates: readonly CertificateFacts[],
  now: Date,
): readonly Finding[] {
  const groups = new Map<string, CertificateFacts[]>();
  for (const each of certificates) {
    const left = each.ends.getTime() - now.getTime();
    if (left > soon) continue;
    const severity = left <= 0 ? "fault" : "warning";
    const group = `${severity} ${String(each.isOurs)} ${String(each.isAuthority)}`;
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  return [...groups.entries()].flatMap(([group, members]): Finding[] => {
    const [first] = members;
    if (first === undefined) return [];
    const isOver = group.startsWith("fault");
    const what = members.length === 1 ? "a certificate" : "certificates";
    return [
      {
        severity: isOver ? "fault" : "warning",
        about: "certificate",
        found: `${what} ${isOver ? "ended" : "will end"}: ${listOf(members)}`,
        expected: "more than 30 days left",
        remedy: mend(stack, first),
      },
    ];
  });
}

/** What is wrong with issuers, certificates of applications and records. */
export function judgeTroubles(troubles: readonly Trouble[]): readonly Finding[] {
  return troubles.map(({ about, what, found, remedy, isFault }) => ({
    severity: isFault ? "fault" : "warning",
    about,
    found: `${what}: ${found}`,
    remedy,
  }));
}

/** Whether a recovery was rehearsed of late, and how it went. */
export function judgeDrill(stack: string, last: DrillReport | undefined, now: Date): readonly Finding[] {
  if (last === undefined) {
    return [
      {
        severity: "warning",
        about: "drill",
        found: "a recovery was never rehearsed",
        expected: "a drill every 30 days",
        remedy: typed("drill", stack),
      },
    ];
  }
  const date = last.date.slice(0, 10);
  if (last.verdict === "failed") {
    const failures = last.checks.filter((each) => each.result === "failed").map((each) => each.what);
    return [
      {
        severity: "fault",
        about: "drill",
        found: `the last drill, on ${date}, failed: ${failures.join(", ")}`,
        expected: "one that passed",
        remedy: `mend what its report says, then ${typed("drill", stack)}`,
      },
    ];
  }
  const age = now.getTime() - Date.parse(last.date);
  if (age <= soon) return [];
  return [
    {
      severity: "warning",
      about: "drill",
      found: `the last drill was on ${date}, ${String(Math.floor(age / day))} days ago`,
      expected: "a drill every 30 days",
      remedy: typed("drill", stack),
    },
  ];
}
