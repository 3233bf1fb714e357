import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

import type { Manifest } from "../manifest";

/**
 * The name by which kustomize-controller alone finds what source-controller has fetched. A tenant that knew it could read
 * every tenant's repository: kustomize fetches URLs that a kustomization names (`configMapGenerator`'s `files`, for one), as
 * the controller, and `--no-remote-bases` doesn't keep it from that. So nothing says this name: no DNS, no status, no tenant.
 *
 * @param identity The platform's age identity, which it follows from: a lost state brings it back.
 */
export function artifactHost(identity: string): string {
  const digest = createHmac("sha256", identity).update("terp artifacts").digest("hex");
  return `artifacts-${digest.slice(0, 40)}.internal`;
}

/** Where every request goes that isn't for the API server or the artifacts: nothing listens there. */
const nowhere = "http://127.0.0.1:9";

interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly env?: readonly object[] }[];
  readonly [field: string]: unknown;
}

/** What the artifacts are behind. */
export interface ArtifactAccess {
  /** See {@link artifactHost}. Secret. */
  readonly host: pulumi.Input<string>;
  /** The address of source-controller's Service. */
  readonly address: pulumi.Input<string>;
}

/**
 * A controller's Deployment that reaches the API server and the artifacts by HTTP, and nothing else: not by another name, nor by
 * an address. Its own ports listen on the pod's address, for who reaches a loopback address is asked for no proxy.
 */
export function reachingArtifactsAlone(deployment: Manifest, { host, address }: ArtifactAccess): Manifest {
  const spec = deployment["spec"] as {
    readonly template: { readonly spec: PodSpec; readonly [field: string]: unknown };
    readonly [field: string]: unknown;
  };
  const pod = spec.template.spec;
  const secretHost = pulumi.secret(host);
  const environment = [
    { name: "SOURCE_CONTROLLER_LOCALHOST", value: secretHost },
    { name: "HTTP_PROXY", value: nowhere },
    { name: "HTTPS_PROXY", value: nowhere },
    { name: "NO_PROXY", value: pulumi.interpolate`${secretHost},$(KUBERNETES_SERVICE_HOST)` },
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  ];
  const containers = pod.containers.map((container) =>
    container.name === "manager"
      ? { ...container, env: [...(container.env ?? []), ...environment] }
      : container,
  );
  const hostAliases = [{ ip: address, hostnames: [secretHost] }];
  return {
    ...deployment,
    spec: { ...spec, template: { ...spec.template, spec: { ...pod, containers, hostAliases } } },
  };
}
