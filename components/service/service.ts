import { namespaceName } from "../tenant/names";

/** A service in one environment: what its file says. */
export interface Service {
  /** The cluster that it runs in, by the name that the platform knows it by. */
  readonly cluster: string;
  readonly service: {
    /** Its name: the release's, and the Service's. */
    readonly name: string;
    /** Whose it is. */
    readonly tenant: string;
    /** Which of the tenant's namespaces, without the tenant's name, e.g. `app`. */
    readonly namespace: string;
  };
  readonly image: {
    /** The image's name with its registry, without a tag. */
    readonly name: string;
    readonly tag: string;
  };
  /** The chart that makes it. */
  readonly chart: {
    /** The Git repository that the chart is in. */
    readonly url: string;
    /** The chart's folder there. */
    readonly path: string;
    /** A tag, a commit by its 40 digits, or a whole reference such as `refs/heads/main`. */
    readonly revision: string;
    /** The Secret with a credential for the repository, in the service's namespace. Only Flux looks there. */
    readonly secret?: string | undefined;
  };
  /** More values of the chart's. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

/** The folder of a repository with the files of an environment's services. */
export function servicesFolder(environment: string): string {
  return `services/${environment}`;
}

/** Full name of the namespace that a service runs in. */
export function namespaceOf({ service }: Service): string {
  return namespaceName(service.tenant, service.namespace);
}

/** The values that the chart is given: those of the file, with its image. */
export function chartValues({ image, values = {} }: Service): Record<string, unknown> {
  const given = values["image"];
  return { ...values, image: { ...(typeof given === "object" ? given : {}), ...image } };
}
