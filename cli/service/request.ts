import type { Service } from "../../components/service/service";
import { servicesFolder } from "../../components/service/service";
import { CommandError, exitCodes } from "../exit";
import type { ReadService } from "./read";
import { originOf, type ServiceAnswers } from "./template";

/** Options of `terp service add`, as they were typed. */
export interface ServiceAddOptions {
  /** The environment. */
  readonly stack: string;
  readonly tenant?: string;
  readonly namespace?: string;
  readonly cluster?: string;
  readonly image?: string;
  readonly tag?: string;
  readonly chart?: string;
  readonly revision?: string;
  readonly secret?: string;
  readonly host?: string;
  /** The clone of the tenant's repository. Default: the current folder. */
  readonly folder?: string;
  /** Whether the change is committed to a branch of its own, and pushed. */
  readonly push?: boolean;
  readonly json?: boolean;
}

/** Where the file of a service is. */
export function servicePath(environment: string, name: string): string {
  return `${servicesFolder(environment)}/${name}.yaml`;
}

/**
 * What a service is to be written from: what was typed, else what its file remembers, else what the repository's other services
 * have.
 *
 * @param text The service's file, where there is one.
 * @throws CommandError that names every option which is needed and missing.
 */
export function answersFor(
  name: string,
  options: ServiceAddOptions,
  { text, others }: { readonly text?: string | undefined; readonly others: readonly ReadService[] },
): ServiceAnswers {
  const remembered: Partial<ServiceAnswers> =
    (text === undefined ? undefined : originOf(text)?.answers) ?? {};
  const other: Service | undefined = others[0]?.service;
  const found = {
    tenant: options.tenant ?? remembered.tenant ?? other?.service.tenant,
    image: options.image ?? remembered.image,
    tag: options.tag ?? remembered.tag,
    chart: options.chart ?? remembered.chart ?? other?.chart.url,
    revision: options.revision ?? remembered.revision ?? other?.chart.revision,
  };
  const missing = Object.entries(found).flatMap(([option, value]) =>
    value === undefined ? [`--${option}`] : [],
  );
  if (missing.length > 0) {
    throw new CommandError(
      `${servicePath(options.stack, name)}: got no ${missing.join(", no ")}, expected ${missing.length === 1 ? "it" : "them"} ` +
        `the first time; \`terp service add --help\` has an example. Nothing was written.`,
      exitCodes.usage,
    );
  }
  const secret = options.secret ?? remembered.secret ?? other?.chart.secret;
  const host = options.host ?? remembered.host;
  return {
    environment: options.stack,
    name,
    ...(found as Required<Record<keyof typeof found, string>>),
    namespace: options.namespace ?? remembered.namespace ?? other?.service.namespace ?? "app",
    cluster: options.cluster ?? remembered.cluster ?? other?.cluster ?? "in-cluster",
    ...(secret !== undefined && { secret }),
    ...(host !== undefined && { host }),
  };
}
