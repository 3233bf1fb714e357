import { stringify } from "yaml";

/** What a person says of a service when it is added. */
export interface ServiceAnswers {
  readonly environment: string;
  readonly name: string;
  readonly tenant: string;
  readonly namespace: string;
  readonly cluster: string;
  /** The image's name, without a tag. */
  readonly image: string;
  readonly tag: string;
  readonly chart: string;
  readonly revision: string;
  readonly secret?: string | undefined;
  readonly host?: string | undefined;
}

/** Makes a service's file of answers; what it gives is what the file says, without comments. */
export type ServiceTemplate = (answers: ServiceAnswers) => Readonly<Record<string, unknown>>;

/**
 * All templates there have been, the oldest first. A file names the one that wrote it by its number, counted from 1: that is how a
 * newer one finds out what the developer has changed. So a template is never changed, but followed by another.
 */
export const serviceTemplates: readonly ServiceTemplate[] = [
  ({ name, tenant, namespace, cluster, image, tag, chart, revision, secret, host }) => ({
    cluster,
    service: { name, tenant, namespace },
    image: { name: image, tag },
    chart: { url: chart, path: "charts/service", revision, ...(secret !== undefined && { secret }) },
    values: {
      port: 8080,
      probes: { readiness: { path: "/healthz" } },
      ...(host !== undefined && { route: { hosts: [host], gateway: { name: tenant } } }),
    },
  }),
];

const mark = /^# Written by `terp service add`, template ([0-9]+): (\{.*\})$/m;

/** The line by which a file remembers what it was written from. */
export function originLine(template: number, answers: ServiceAnswers): string {
  return `# Written by \`terp service add\`, template ${String(template)}: ${JSON.stringify(answers)}`;
}

/** What a file was written from; undefined where a person wrote it, or took that line away. */
export function originOf(
  text: string,
): { readonly template: number; readonly answers: ServiceAnswers } | undefined {
  const [, template, answers] = mark.exec(text) ?? [];
  if (template === undefined || answers === undefined) return undefined;
  try {
    return { template: Number(template), answers: JSON.parse(answers) as ServiceAnswers };
  } catch {
    return undefined;
  }
}

/** A new file, by a template. */
export function newFile(number: number, template: ServiceTemplate, answers: ServiceAnswers): string {
  return `${originLine(number, answers)}\n# What you change stays as you write it.\n${stringify(template(answers))}`;
}
