import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";

/** What a container may do that meets Pod Security's `restricted` profile, and whose root is read-only besides. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
} satisfies types.input.core.v1.SecurityContext;

/** As whom a pod's programs run that meets Pod Security's `restricted` profile: one user, whose the volumes' files are, too. */
export function restrictedUser(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  } satisfies types.input.core.v1.PodSecurityContext;
}

/** Has pods with these labels run on different nodes, as far as there are any. */
export function spreadOverNodes(
  matchLabels: Readonly<Record<string, string>>,
): types.input.core.v1.TopologySpreadConstraint[] {
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels },
    },
  ];
}

/**
 * An annotation of a pod's template that changes when the settings do, so that it starts anew.
 *
 * @param settings Text of which some can't be guessed, or none is secret: so the digest tells nothing of it.
 */
export function digestOf(settings: string): string {
  return createHash("sha256").update(settings).digest("hex").slice(0, 32);
}
