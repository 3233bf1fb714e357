/** A chart as its publisher has it. */
export interface Chart {
  readonly name: string;
  /** Where it is published: `https://…` with an index, or `oci://…` below which it lies by its name. */
  readonly repository: string;
  /** As the repository writes it, which may begin with a v. */
  readonly version: string;
}

/** Where charts and their images are taken from instead of from their publishers. */
export interface ChartSource {
  /**
   * A repository that has every chart: `https://…` with an index, or `oci://…`.
   *
   * @default each chart's own repository
   */
  readonly mirror?: string | undefined;
  /**
   * A registry that has every image below the name of its own, e.g. `registry.example.org/mirror`, which has
   * `quay.io/jetstack/cert-manager-controller` as `registry.example.org/mirror/quay.io/jetstack/cert-manager-controller`.
   *
   * @default each image's own registry
   */
  readonly imageMirror?: string | undefined;
  /**
   * The absolute path of a file with the certificates of the authorities that the repositories' servers are trusted by.
   *
   * @default those of the machine that runs Pulumi
   */
  readonly caFile?: string | undefined;
}

/** Where Helm finds a chart. */
export interface ChartPlace {
  /** The chart's name in a repository with an index, or its whole address in an OCI registry. */
  readonly chart: string;
  /** The repository's address; absent for a chart in an OCI registry. */
  readonly repository?: string;
}

/** Where Helm finds a chart: in the mirror, if there is one. */
export function placeOf(chart: Chart, { mirror }: ChartSource): ChartPlace {
  const repository = (mirror ?? chart.repository).replace(/\/$/, "");
  return repository.startsWith("oci://")
    ? { chart: `${repository}/${chart.name}` }
    : { chart: chart.name, repository };
}

/** An image's registry and the rest of its name, without a tag. */
export interface ImageName {
  /** The host of its registry, e.g. `quay.io`. */
  readonly registry: string;
  /** E.g. `jetstack/cert-manager-controller`. */
  readonly repository: string;
}

/** What an image is called where the nodes pull it from: in the mirror, if there is one. */
export function imageFrom(image: ImageName, { imageMirror }: ChartSource): ImageName {
  if (imageMirror === undefined) return image;
  const [registry = "", ...folders] = imageMirror.split("/");
  return { registry, repository: [...folders, image.registry, image.repository].join("/") };
}

/** An image's whole name, without a tag. */
export function imageText({ registry, repository }: ImageName): string {
  return `${registry}/${repository}`;
}
