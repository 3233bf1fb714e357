import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The developers' chart, by its folder in this project and in repositories of services. */
export const chartFolder = "charts/service";

/** The file that says of a repository that Argo CD makes its services from their files, so that nothing is rendered of them. */
export const madeByArgocd = "services/.argocd";

/** The Git hosts that there is a pipeline for. */
export type PipelineHost = "gitea" | "github" | "gitlab";

/**
 * Where each Git host finds a pipeline that checks services. GitHub's isn't where it would run: whoever writes a file there needs a
 * right of its own (`workflows`).
 */
const pipelines: Readonly<Record<PipelineHost, { readonly from: string; readonly to: string }>> = {
  gitea: { from: "gitea/services.yml", to: ".gitea/workflows/services.yml" },
  github: { from: "github/services.yml", to: "pipelines/services.yml" },
  gitlab: { from: "gitlab/services.gitlab-ci.yml", to: ".gitlab-ci.yml" },
};

/**
 * What a repository of services has of this project's: the developers' chart, the pipeline that checks services, and the schema of
 * their files. Each by its path in the repository.
 *
 * @param project This project's folder.
 * @throws if a file can't be read.
 */
export function starterFiles(project: string, gitHost: PipelineHost): Readonly<Record<string, string>> {
  const text = (path: string): string => readFileSync(join(project, path), "utf8");
  const found = readdirSync(join(project, chartFolder), { recursive: true, withFileTypes: true });
  const chart = found
    .filter((each) => each.isFile())
    .map((each) => relative(project, join(each.parentPath, each.name)))
    .sort();
  const { from, to } = pipelines[gitHost];
  return {
    ...Object.fromEntries(chart.map((path) => [path, text(path)])),
    [to]: text(`pipelines/services/${from}`),
    "services/service.schema.json": text("pipelines/services/service.schema.json"),
  };
}
