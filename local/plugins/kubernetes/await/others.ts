import type { KubeObject } from "../objects";
import { at, isJsonObject, nameOf, objectsAt, textAt } from "../objects";
import type { Awaiter, View } from "./awaiter";
import { conditionOf } from "./awaiter";

/** A claim is ready when it is bound; one whose class binds at the first use, when that is all it waits for. */
export const claimAwaiter: Awaiter = {
  timeoutSeconds: 300,
  watched: (object) =>
    textAt(object, "spec", "storageClassName") === undefined
      ? []
      : [{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }],
  judge: ({ object, related }) => {
    if (textAt(object, "status", "phase") === "Bound") return { state: "ready" };
    const className = textAt(object, "spec", "storageClassName");
    const storageClass = (related["StorageClass"] ?? []).find((item) => nameOf(item) === className);
    const isLate = textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
    return { state: isLate ? "ready" : "waiting" };
  },
  timeoutText: (object) => `Timeout occurred polling for '${nameOf(object)}'`,
};

/** A CustomResourceDefinition is ready when its kind can be used. */
export const definitionAwaiter: Awaiter = {
  timeoutSeconds: 60,
  judge: ({ object }) => {
    if (conditionOf(object, "NamesAccepted")?.["status"] === "False") return { state: "failed" };
    return { state: conditionOf(object, "Established")?.["status"] === "True" ? "ready" : "waiting" };
  },
  problems: ({ object }) =>
    ["NamesAccepted", "Established"].flatMap((type) => {
      const condition = conditionOf(object, type);
      return condition?.["status"] === "False"
        ? [`[${textAt(condition, "reason") ?? ""}] ${textAt(condition, "message") ?? ""}`]
        : [];
    }),
};

/** An Ingress is ready when its paths' Services have endpoints, and a controller has given it an address. */
export const ingressAwaiter: Awaiter = {
  timeoutSeconds: 600,
  watched: () => [
    { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" },
    { apiVersion: "v1", kind: "Service" },
  ],
  judge: (view) => {
    const isMatched = unmatchedServices(view).length === 0;
    if (isMatched && hasAddress(view.object))
      return { state: "ready", progress: ["Ingress initialization complete"] };
    const stage = isMatched
      ? "[2/3] Waiting for update of .status.loadBalancer with hostname/IP"
      : "[1/3] Finding a matching service for each Ingress path";
    return { state: "waiting", progress: [stage] };
  },
  problems: (view) => [
    ...(unmatchedServices(view).length > 0
      ? ["Ingress has at least one rule with an unavailable target endpoint."]
      : []),
    ...(hasAddress(view.object)
      ? []
      : [
          "Ingress .status.loadBalancer field was not updated with a hostname/IP address. \n    for more information " +
            "about this error, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/troubleshooting-ingress-status",
        ]),
  ],
};

function hasAddress(object: KubeObject): boolean {
  return objectsAt(object, "status", "loadBalancer", "ingress").length > 0;
}

/** Names of the Services that paths point to and that have no endpoint; those of type ExternalName need none. */
function unmatchedServices({ object, related }: View): string[] {
  const paths = objectsAt(object, "spec", "rules").flatMap((rule) => objectsAt(rule, "http", "paths"));
  const names = [
    ...paths.map((path) => textAt(path, "backend", "service", "name")),
    textAt(object, "spec", "defaultBackend", "service", "name"),
  ].filter((name): name is string => name !== undefined);
  const external = (related["Service"] ?? [])
    .filter((service) => textAt(service, "spec", "type") === "ExternalName")
    .map((service) => nameOf(service));
  const served = (related["EndpointSlice"] ?? [])
    .filter((slice) => objectsAt(slice, "endpoints").length > 0)
    .map((slice) => {
      const labels = at(slice, "metadata", "labels");
      return isJsonObject(labels) ? labels["kubernetes.io/service-name"] : undefined;
    });
  return [...new Set(names)].filter((name) => !external.includes(name) && !served.includes(name));
}
