import { z } from "zod";

import type { Service } from "../../components/service/service";

/** What a person is told about a field: ends the sentence "expected …", and a value that fits. */
export interface FieldHelp {
  readonly description: string;
  readonly example: string;
}

/** What is known about each field, by its schema. */
export const fieldHelp = z.registry<FieldHelp>();

function text(pattern: RegExp, description: string, example: string): z.ZodString {
  return z.string().regex(pattern).register(fieldHelp, { description, example }).describe(description);
}

const label = (what: string, example: string): z.ZodString =>
  text(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    `${what}: lower-case letters, digits and dashes, 40 at most`,
    example,
  );

/** What a file of a service may say. */
export const serviceSchema = z.strictObject({
  cluster: label("a cluster's name", "in-cluster"),
  service: z.strictObject({
    name: label("the service's name", "shop"),
    tenant: label("the tenant's name", "team-blue"),
    namespace: label("one of the tenant's namespaces, without its name", "app"),
  }),
  image: z.strictObject({
    name: text(
      /^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)+$/,
      "an image's name with its registry, without a tag",
      "ghcr.io/team-blue/shop",
    ),
    tag: text(
      /^(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
      "a tag that names one build, in quotes",
      '"1.4.2"',
    ),
  }),
  chart: z.strictObject({
    url: text(
      /^(https|ssh):\/\/[^\s:@]+(@[^\s:@]+)?(:[0-9]+)?\/[^\s@]+$/,
      "a Git repository's address by https or ssh, without a password",
      "https://git.example.org/platform/terp.git",
    ),
    path: text(
      /^(?!.*\.\.)[a-z0-9._-]+(\/[a-z0-9._-]+)*$/,
      "the chart's folder in that repository",
      "charts/service",
    ),
    revision: text(
      /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]*$/,
      "a tag, a commit by its 40 digits, or a whole reference",
      "v1.0.0",
    ),
    secret: z
      .enum(["repository-access", "git-access"])
      .register(fieldHelp, {
        description: "repository-access for the tenant's own repository, or git-access",
        example: "repository-access",
      })
      .describe("repository-access for the tenant's own repository, or git-access")
      .optional(),
  }),
  values: z
    .record(z.string(), z.unknown())
    .register(fieldHelp, { description: "values of the chart's, by their names", example: "{ port: 9898 }" })
    .describe("values of the chart's, by their names")
    .optional(),
}) satisfies z.ZodType<Service>;

/** The same as a JSON schema, for editors and for pipelines without `terp`. */
export function jsonSchema(): object {
  return { ...z.toJSONSchema(serviceSchema), title: "A service in one environment" };
}
