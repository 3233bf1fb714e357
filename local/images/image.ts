/** One entry of an image's file system. */
export type ImageEntry =
  | {
      readonly kind: "file";
      /** Where it comes from on this machine, absolute; or its text. */
      readonly from: { readonly file: string } | { readonly text: string };
      /** Default 0o644. */
      readonly mode?: number;
    }
  | { readonly kind: "folder"; /** Default 0o755. */ readonly mode?: number; readonly owner?: number }
  | { readonly kind: "link"; readonly target: string };

/** Absolute path in the image → what is there. The folders above need no entry of their own. */
export type ImageFiles = ReadonlyMap<string, ImageEntry>;

/** How an image's program is run where the pod doesn't say otherwise. */
export interface ImageConfiguration {
  /** Number of the user, or of user and group, as in "65534:65534". */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Default "/". */
  readonly workingFolder?: string;
}

/** An image that can be imported. */
export interface LocalImage {
  /** The name under which workloads ask for it, with its tag. */
  readonly reference: string;
  /** An OCI archive, its absolute path. */
  readonly archive: string;
  /** The digest of the image's manifest. */
  readonly digest: string;
}
