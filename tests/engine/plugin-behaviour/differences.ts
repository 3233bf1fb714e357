import type { Finding, StepName } from "./compare";

/** A place in which a stand-in plugin behaves otherwise than the official one, on purpose. */
export interface Difference {
  /** The scenario's number, two digits. */
  readonly scenario: string;
  /** The steps in which it shows. @default every step */
  readonly steps?: readonly StepName[];
  /** JSON pointers of the differing values; `*` stands for one segment, `**` for any number of them. */
  readonly paths: readonly string[];
  /** Whether it shows in some runs only, because it depends on how fast the cluster is. @default false */
  readonly sometimes?: boolean;
  /** Why the stand-in does otherwise, and what follows from it, in one or two sentences for a reader. */
  readonly why: string;
}

/** Every deliberate difference. One that no longer occurs fails the tests and is to be deleted. */
export const differences: readonly Difference[] = [
  {
    scenario: "13",
    steps: [2],
    paths: ["/state/crd/outputs/status/**"],
    sometimes: true,
    why: "A CustomResourceDefinition's outputs are those after the wait for it, and not those right after the request, so that they may already say that it is established.",
  },
  {
    scenario: "17",
    paths: ["/result/messages/error runs/0/1", "/state/runs/initErrors/1"],
    sometimes: true,
    why: "What a Pod lacked before it ran is known only if its node said so: a busy kubelet reports first that it runs.",
  },
  {
    scenario: "26",
    steps: [2],
    paths: ["/state/nested/inputs/**", "/state/nested/outputs/__inputs/**"],
    why: "A field inside of `spec` that the kind doesn't have stays in the recorded inputs, where the official plugin drops it. The server ignores it in a creation, and refuses it in the next update.",
  },
];

/** What remains of a scenario's findings once the deliberate differences are taken off. */
export interface Judgement {
  /** Findings that no deliberate difference explains. */
  readonly unexplained: readonly Finding[];
  /** Findings that one explains. */
  readonly explained: readonly Finding[];
  /** Paths of deliberate differences that no finding matches, each with its difference. */
  readonly stale: readonly { readonly difference: Difference; readonly path: string }[];
}

/**
 * Separates deliberate differences from others.
 *
 * @param scenario the scenario's name or number, e.g. `14-wait-deployment`.
 * @param listed the deliberate differences. @default differences
 */
export function judge(
  scenario: string,
  findings: readonly Finding[],
  listed: readonly Difference[] = differences,
): Judgement {
  const own = listed.filter((difference) => difference.scenario === scenario.slice(0, 2));
  const matchers = own.flatMap((difference) => difference.paths.map((path) => matcherOf(difference, path)));
  const explained = findings.filter((finding) => matchers.some(({ matches }) => matches(finding)));
  return {
    explained,
    unexplained: findings.filter((finding) => !explained.includes(finding)),
    stale: matchers
      .filter(({ difference, matches }) => difference.sometimes !== true && !findings.some(matches))
      .map(({ difference, path }) => ({ difference, path })),
  };
}

function matcherOf(difference: Difference, path: string) {
  const pattern = globPattern(path);
  const matches = ({ step, path: found }: Finding): boolean =>
    (difference.steps?.includes(step) ?? true) && pattern.test(found);
  return { difference, path, matches };
}

/** The regular expression for a JSON pointer with `*` and `**`. */
export function globPattern(glob: string): RegExp {
  const parts = glob
    .split("/")
    .slice(1)
    .map((segment) => {
      if (segment === "**") return "(?:/[^/]*)*";
      return `/${segment
        .split("*")
        .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
        .join("[^/]*")}`;
    });
  return new RegExp(`^${parts.join("")}$`, "s");
}
