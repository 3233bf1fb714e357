import * as pulumi from "@pulumi/pulumi";

/** What is held back, see {@link holdBack}. */
export interface HeldBack {
  /** Has all of it be registered. */
  release(): void;
  /** Has none of it be registered. */
  giveUp(reason: unknown): void;
}

/**
 * Holds back every resource that is declared from now on, until the program has been read to its end: what is wrong with any of it, a
 * tenant's name for example, is found before anything is changed.
 */
export function holdBack(): HeldBack {
  let release: () => void = () => undefined;
  let giveUp: (reason: unknown) => void = () => undefined;
  const end = new Promise<pulumi.Resource[]>((resolve, reject) => {
    release = () => {
      resolve([]);
    };
    giveUp = reject;
  });
  // Those who wait are told, if there are any.
  end.catch(() => undefined);
  pulumi.runtime.registerStackTransformation(({ props, opts }) => ({
    props,
    opts: {
      ...opts,
      dependsOn:
        opts.dependsOn === undefined ? end : ([opts.dependsOn, end] as pulumi.Input<pulumi.Resource>[]),
    },
  }));
  return { release, giveUp };
}
