import assert from "node:assert/strict";
import { eventually } from "../eventually";
import { KustomizeController } from "./appliedBy";
import type { AttackedPlatform } from "./attackedPlatform";
import { at, own, type Identity } from "./identities";

/** What is asked for, and how what bounds a namespace refuses it. */
interface Excess {
  readonly what: string;
  /** Where it isn't a right that is missing, an administrator asks: it is the bound that holds. */
  readonly as: Identity;
  readonly path: string;
  readonly body: object;
  readonly because: RegExp;
  /** What an administrator does to take the bound away. */
  readonly without: Parameters<KustomizeController["administer"]>[0];
}

const namespace = `/api/v1/namespaces/${own}`;
const pod = (container: object): object => ({
  metadata: { name: "excess" },
  spec: { containers: [{ name: "excess", image: "excess:1", ...container }] },
});

const excesses: readonly Excess[] = [
  {
    what: "runs a privileged pod where its namespace doesn't demand restricted ones",
    as: "administrator",
    path: at("v1", "pods", own),
    body: pod({ securityContext: { privileged: true } }),
    because: /violates PodSecurity "restricted:v/,
    without: {
      method: "PATCH",
      type: "merge-patch",
      path: namespace,
      body: { metadata: { labels: { "pod-security.kubernetes.io/enforce": null } } },
    },
  },
  {
    what: "takes all the storage where its namespace has no quota",
    as: "reconciler",
    path: at("v1", "persistentvolumeclaims", own),
    body: {
      metadata: { name: "excess" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "100Ti" } } },
    },
    because: /exceeded quota: terp/,
    without: { method: "DELETE", path: at("v1", "resourcequotas", own, "terp") },
  },
  {
    what: "takes all the memory in one container where its namespace has no limits",
    as: "administrator",
    path: at("v1", "pods", own),
    body: pod({ resources: { limits: { memory: "1Ti" } } }),
    because: /maximum memory usage per Container/,
    without: { method: "DELETE", path: at("v1", "limitranges", own, "terp") },
  },
];

/** Tests that show of what bounds a tenant's namespaces what gets through without it. The namespace is of no use afterwards. */
export function describeBounds(given: () => AttackedPlatform): void {
  describe("but for a bound of its namespaces", () => {
    for (const { what, as, path, body, because, without } of excesses) {
      it(what, async () => {
        const { attacker } = given();
        const ask = () => attacker.request({ what, as, method: "POST", path: `${path}?dryRun=All`, body });
        const refused = await ask();
        assert.equal(refused.status, 403);
        assert.match(refused.message, because);
        await new KustomizeController(given).administer(without);
        // Admission hears of it a moment later.
        await eventually(async () => {
          const { status, message } = await ask();
          assert.equal(status, 201, message);
        });
      });
    }
  });
}
