import * as pulumi from "@pulumi/pulumi";

import { gitAccess } from "./sync";

/** What a `git-access` Secret's `stringData` is made of. */
export interface GitAccessArgs {
  /** Private half of the deploy key. Secret. */
  readonly privateKey: pulumi.Input<string>;
  /** Lines for `known_hosts` that name the Git host's keys. */
  readonly knownHosts: pulumi.Input<string>;
}

/** See {@link gitAccess}; secret as a whole. */
export function gitAccessData({
  privateKey,
  knownHosts,
}: GitAccessArgs): pulumi.Output<ReturnType<typeof gitAccess>> {
  return pulumi.secret(pulumi.all([privateKey, knownHosts]).apply(([key, hosts]) => gitAccess(key, hosts)));
}
