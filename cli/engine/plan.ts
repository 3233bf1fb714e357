import type { PlannedStep } from "./events";
import { describeUrn } from "./urn";

/** Two steps of one plan that concern the same object of the cluster. */
export interface Collision {
  /** What the object is, e.g. `Namespace team-blue-app`. */
  readonly object: string;
  readonly created: string;
  readonly deleted: string;
}

const creating = new Set(["create", "create-replacement"]);
const deleting = new Set(["delete", "delete-replaced"]);

/** A Kubernetes object's identity, free of its version: group, kind, namespace, name. Undefined for anything else. */
export function objectIdentity(type: string, inputs: Readonly<Record<string, unknown>>): string | undefined {
  const [plugin, groupVersion, kind] = type.split(":");
  if (plugin !== "kubernetes" || groupVersion === undefined || kind === undefined) return undefined;
  const metadata = inputs["metadata"];
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const { name, namespace } = metadata as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof name !== "string") return undefined;
  const group = groupVersion.includes("/") ? (groupVersion.split("/")[0] ?? "") : "core";
  return [group, kind, typeof namespace === "string" ? namespace : "", name].join("/");
}

/**
 * Finds objects that a plan creates under one URN and deletes under another. Creating adopts what exists, and the deletion,
 * which comes last, would then destroy it.
 */
export function findCollisions(steps: readonly PlannedStep[]): Collision[] {
  const created = new Map<string, string>();
  for (const step of steps.filter((each) => creating.has(each.operation))) {
    const identity = objectIdentity(step.type, step.inputs);
    if (identity !== undefined) created.set(identity, step.urn);
  }
  return steps
    .filter((step) => deleting.has(step.operation))
    .flatMap((step) => {
      const identity = objectIdentity(step.type, step.inputs);
      const urn = identity === undefined ? undefined : created.get(identity);
      if (urn === undefined || urn === step.urn) return [];
      return [{ object: describeUrn(step.urn), created: urn, deleted: step.urn }];
    });
}

/** Why a plan is refused, and what to do. */
export function explainCollisions(collisions: readonly Collision[]): string {
  const lines = collisions.map(
    (each) => `  • ${each.object}\n      created as ${each.created}\n      deleted as ${each.deleted}`,
  );
  return [
    `The plan creates and deletes the same ${collisions.length === 1 ? "object" : "objects"}, which would destroy what is in use:`,
    ...lines,
    "A resource has got another parent or name in the code. Give the new one `aliases: [{ … }]` that name the old one, and run again.",
  ].join("\n");
}
