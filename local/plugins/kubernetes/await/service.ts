import type { KubeObject } from "../objects";
import { at, isJsonObject, nameOf, objectsAt, textAt } from "../objects";
import type { Awaiter, View } from "./awaiter";

/** A Service without Pods to direct traffic to passes after this time, in milliseconds. */
const settled = 10_000;

/**
 * A Service is ready when it has endpoints, or needs none (headless, without selector, ExternalName); one whose selector
 * finds no Pod passes after a while. One of type LoadBalancer needs an address.
 */
export const serviceAwaiter: Awaiter = {
  timeoutSeconds: 600,
  watched: (object) =>
    needsEndpoints(object)
      ? [
          {
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            labelSelector: `kubernetes.io/service-name=${nameOf(object)}`,
          },
        ]
      : [],
  judge: (view) => {
    const isReached = !needsEndpoints(view.object) || hasEndpoints(view) || view.elapsed >= settled;
    if (isReached && hasAddress(view.object)) {
      return { state: "ready", progress: ["Service initialization complete"] };
    }
    const stage = isReached
      ? "[2/3] Attempting to allocate IP address to Service"
      : "[1/3] Finding Pods to direct traffic to";
    return { state: "waiting", progress: [stage] };
  },
  passesOnTimeout: ({ object }) => textAt(object, "spec", "type") !== "LoadBalancer",
  problems: (view) => [
    ...(hasEndpoints(view)
      ? []
      : [
          "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
        ]),
    ...(hasAddress(view.object)
      ? []
      : ["Service was not allocated an IP address; does your cloud provider support this?"]),
  ],
};

function needsEndpoints(object: KubeObject): boolean {
  const selector = at(object, "spec", "selector");
  const hasSelector = isJsonObject(selector) && Object.keys(selector).length > 0;
  return (
    hasSelector &&
    textAt(object, "spec", "clusterIP") !== "None" &&
    textAt(object, "spec", "type") !== "ExternalName"
  );
}

function hasEndpoints(view: View): boolean {
  const endpoints = (view.related["EndpointSlice"] ?? []).flatMap((slice) => objectsAt(slice, "endpoints"));
  return endpoints.some((endpoint) => at(endpoint, "conditions", "ready") !== false);
}

function hasAddress(object: KubeObject): boolean {
  if (textAt(object, "spec", "type") !== "LoadBalancer") return true;
  return objectsAt(object, "status", "loadBalancer", "ingress").length > 0;
}
