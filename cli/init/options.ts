import type { PlatformConfig } from "../../infra/config";
import { describeFaults } from "../../infra/fault";
import { CommandError, exitCodes } from "../exit";
import type { PipelineHost } from "./plan";

/** Options of `terp init`. */
export interface InitCommandOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Ranges with commas between them. */
  readonly ranges?: string;
  readonly anyNetwork?: boolean;
  /** `ORGANISATION/REPOSITORY`. */
  readonly github?: string;
  /** `GROUP/PROJECT`. */
  readonly gitlab?: string;
  /** GitLab's default branch. */
  readonly branch: string;
}

/**
 * The ranges from which vault and state are reached: those given, else those that reach the cluster's API.
 *
 * @returns undefined for any network.
 * @throws CommandError if nothing says it.
 */
export function rangesOf(
  options: InitCommandOptions,
  { cluster }: PlatformConfig,
): readonly string[] | undefined {
  if (options.anyNetwork === true) return undefined;
  const given = options.ranges?.split(",").map((range) => range.trim());
  if (given !== undefined) {
    const wrong = given.filter((range) => !/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(range));
    if (wrong.length === 0) return given;
    throw fault(
      "--ranges",
      wrong.join(", "),
      "ranges of IPv4 addresses with commas between them",
      "type, for example: --ranges 192.0.2.0/24",
    );
  }
  if (cluster.kind === "aks" && cluster.api.kind === "public") return cluster.api.ranges;
  throw fault(
    "--ranges",
    "nothing",
    "from where vault and state are reached, where cluster.api names no ranges",
    "type, for example: --ranges 192.0.2.0/24; or --any-network, where runners have no addresses of their own",
  );
}

/** @throws CommandError if it is no repository's name, or there are two. */
export function pipelineOf({ github, gitlab, branch }: InitCommandOptions): PipelineHost | undefined {
  if (github !== undefined && gitlab !== undefined)
    throw fault("--github", "--gitlab too", "one of them", "leave one out");
  if (github !== undefined) {
    if (!/^[\w-]+\/[\w.-]+$/.test(github))
      throw fault(
        "--github",
        github,
        "ORGANISATION/REPOSITORY",
        "type, for example: --github example/platform",
      );
    return { kind: "github", repository: github };
  }
  if (gitlab === undefined) return undefined;
  if (!/^[\w.-]+(\/[\w.-]+)+$/.test(gitlab))
    throw fault("--gitlab", gitlab, "GROUP/PROJECT", "type, for example: --gitlab example/platform");
  return { kind: "gitlab", project: gitlab, branch };
}

function fault(path: string, given: string, expected: string, remedy: string): CommandError {
  return new CommandError(
    `terp init: nothing was done\n\n${describeFaults([{ path, given, expected, remedy }])}`,
    exitCodes.usage,
  );
}
