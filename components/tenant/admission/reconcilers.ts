import { helmValuesName, reconcilerAccount, tenantKeySecret } from "../../flux/names";
import type { Trusted } from "../trusted";
import { at, flattened, isMark, text } from "./cel";
import { paceValidations } from "./durations";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const spec = (path: string, otherwise: string): string => at("dyn(object)", `spec.${path}`, otherwise);
const namespace = '"namespace"';
const account = text(reconcilerAccount);

/** Every namespace that a Kustomization or a HelmRelease can name. */
const namespaces = [
  `[${[
    "sourceRef.namespace",
    "targetNamespace",
    "storageNamespace",
    "chartRef.namespace",
    "chart.spec.sourceRef.namespace",
  ]
    .map((path) => spec(path, '""'))
    .join(", ")}]`,
  ...["dependsOn", "healthChecks"].map(
    (path) => `${spec(path, "[]")}.map(each, each[?${namespace}].orValue(""))`,
  ),
].join(" + ");

const marked = flattened(
  `[${[
    "commonMetadata.labels",
    "commonMetadata.annotations",
    "chart.metadata.labels",
    "chart.metadata.annotations",
  ]
    .map((path) => `dyn(${spec(path, "{}")})`)
    .join(", ")}]`,
  "marks",
  `marks.map(key, key).filter(key, ${isMark("key")})`,
);

/**
 * What a tenant's Kustomizations and HelmReleases may do: apply as the tenant's own reconciler, from and into the namespace
 * they are in.
 *
 * Field names of kustomize.toolkit.fluxcd.io/v1 and helm.toolkit.fluxcd.io/v2 (github.com/fluxcd/kustomize-controller/api
 * v1.7.3, helm-controller/api v1.4.3): it is `kubeConfig`, with a capital C.
 */
export function reconcilers(trusted: Trusted): AdmissionPolicy {
  const isKustomization = 'request.resource.resource == "kustomizations"';
  return tenantPolicy({
    name: "terp-tenant-reconcilers",
    kinds: [
      { group: "kustomize.toolkit.fluxcd.io", resources: ["kustomizations"] },
      { group: "helm.toolkit.fluxcd.io", resources: ["helmreleases"] },
    ],
    exempt: [trusted],
    variables: {
      account: spec("serviceAccountName", '""'),
      strangers: `(${namespaces}).filter(each, each != "" && each != request.namespace)`,
      values: `${spec("valuesFrom", "[]")}.filter(each, each.?name.orValue("") != ${text(helmValuesName)})`,
      marked,
      // A HelmRelease whose chart lies elsewhere has neither.
      isFromRepository: `${spec("chart.spec.sourceRef.kind", '""')} == "GitRepository" && ${spec("chart.spec.reconcileStrategy", '""')} == "Revision"`,
      isFromImage: `${spec("chartRef.kind", '""')} == "OCIRepository"`,
    },
    validations: [
      {
        expression: `variables.account == ${account}`,
        message: message`serviceAccountName "${"variables.account"}" has no rights here: write ${account}, which may do what the tenant may`,
      },
      {
        expression: "!has(dyn(object).spec.kubeConfig)",
        message: message`kubeConfig leads to another cluster: leave it out`,
      },
      {
        expression: "size(variables.strangers) == 0",
        message: message`namespace "${"variables.strangers[0]"}" isn't this object's own (${"request.namespace"}): leave it out, and put what belongs to another namespace into that namespace's own ${"request.kind.kind"}`,
      },
      {
        expression: `${spec("decryption.serviceAccountName", '""')} == "" && (!has(dyn(object).spec.decryption) || ${spec("decryption.secretRef.name", '""')} == ${text(tenantKeySecret)})`,
        message: message`decryption is with a key of the tenant's own: write secretRef: {name: ${text(tenantKeySecret)}} and no serviceAccountName`,
      },
      {
        expression: "size(variables.values) == 0",
        message: message`valuesFrom "${'variables.values[0].?name.orValue("")'}" can't be read by Flux: put the values into a Secret or ConfigMap called ${text(helmValuesName)}`,
      },
      {
        expression: `${isKustomization} || variables.isFromImage || variables.isFromRepository`,
        message: message`a chart comes from a GitRepository with reconcileStrategy: Revision, or by chartRef from an OCIRepository: where others' charts lie could be guessed otherwise`,
      },
      {
        expression: `!${spec("install.createNamespace", "false")}`,
        message: message`install.createNamespace isn't a tenant's to ask for: leave it out, or ask the operators for the namespace`,
      },
      {
        expression: "size(variables.marked) == 0",
        message: message`labels and annotations of terp.dev are the platform's: leave out "${"variables.marked[0]"}"`,
      },
      ...paceValidations(
        ["spec.interval", "spec.retryInterval", "spec.chart.spec.interval"],
        [
          "spec.timeout",
          ...["install", "upgrade", "test", "rollback", "uninstall"].map((each) => `spec.${each}.timeout`),
        ],
      ),
      {
        expression: `!(${isKustomization}) || !(${spec("wait", "false")}) || has(dyn(object).spec.timeout) || ${spec("interval", '""')} == "" || duration(${spec("interval", '""')}) <= duration("1h")`,
        message: message`without a timeout a Kustomization with wait: true holds Flux for its whole interval: write timeout: 5m`,
      },
    ],
  });
}
