import { diffOf } from "../kubernetes/diff";
import type * as server from "../server/provider";
import { revealedMap, unknown, type PropertyMap } from "../server/values";

/** The version of the SDK whose plugin this one stands in for. */
export const version = "6.15.0";

const tooLittle =
  "this stand-in for the plugin github shows previews and reaches no GitHub; install the official plugin: " +
  `pulumi plugin install resource github ${version}`;

/** What is known of a kind. */
interface Kind {
  readonly required: readonly string[];
  /** Inputs whose change makes another object, as the Terraform provider behind the official plugin has it. */
  readonly replacing: readonly string[];
  /** Outputs beyond the inputs. */
  readonly computed: readonly string[];
}

const kinds: Readonly<Record<string, Kind>> = {
  "github:index/branchProtection:BranchProtection": {
    required: ["pattern", "repositoryId"],
    replacing: ["repositoryId"],
    computed: [],
  },
  "github:index/repositoryDeployKey:RepositoryDeployKey": {
    required: ["key", "repository", "title"],
    replacing: ["key", "readOnly", "repository", "title"],
    computed: ["etag"],
  },
  "github:index/repositoryWebhook:RepositoryWebhook": {
    required: ["events", "repository"],
    replacing: ["repository"],
    computed: ["etag", "url"],
  },
};

/** A Pulumi provider of the package `github` that previews the kinds that stand around a repository, and makes none. */
export class GithubProvider implements server.ResourceProvider {
  readonly version = version;

  checkConfig({ news }: server.CheckConfigRequest): Promise<server.CheckResult> {
    return Promise.resolve({ inputs: news });
  }

  diffConfig(): Promise<server.DiffResult> {
    return Promise.resolve({ changes: "unknown" });
  }

  configure(): Promise<void> {
    return Promise.resolve();
  }

  check({ type, name, news }: server.CheckRequest): Promise<server.CheckResult> {
    const failures = kindOf(type)
      .required.filter((property) => news[property] === undefined || news[property] === null)
      .map((property) => ({
        property,
        reason: `Missing required argument. The argument "${property}" is required. Examine values at '${name}.${property}'.`,
      }));
    return Promise.resolve({ inputs: news, failures });
  }

  diff({ type, oldInputs, news }: server.DiffRequest): Promise<server.DiffResult> {
    return Promise.resolve(diffOf(revealedMap(oldInputs), revealedMap(news), kindOf(type).replacing));
  }

  create({
    type,
    properties,
    preview,
  }: server.CreateRequest): Promise<{ id: string; properties: PropertyMap }> {
    if (!preview) return Promise.reject(new Error(tooLittle));
    const computed = kindOf(type).computed.map((name) => [name, unknown] as const);
    return Promise.resolve({ id: "", properties: { ...properties, ...Object.fromEntries(computed) } });
  }

  read(): Promise<server.ReadResult> {
    return Promise.reject(new Error(tooLittle));
  }

  update({ news, preview }: server.UpdateRequest): Promise<PropertyMap> {
    return preview ? Promise.resolve(news) : Promise.reject(new Error(tooLittle));
  }

  delete(): Promise<void> {
    return Promise.reject(new Error(tooLittle));
  }
}

function kindOf(type: string): Kind {
  const kind = kinds[type];
  if (kind === undefined)
    throw new Error(
      `this stand-in for the plugin github has ${Object.keys(kinds).join(", ")}, and no ${type}`,
    );
  return kind;
}
