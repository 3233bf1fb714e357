import { type ChartSource, imageFrom } from "../../infra/charts/chart";
import type { ChartValues } from "../helmRelease";

/** What of cert-manager's values is decided here. */
export interface CertManagerChoices {
  readonly source: ChartSource;
  /** How many pods of each part, spread over nodes; one of them leads. */
  readonly replicas: number;
  /**
   * The service account's annotations: by whose rights challenges are answered in DNS. The pods have them too: AWS gives a pod its
   * rights when it is made, so other ones take other pods.
   */
  readonly accountAnnotations: Readonly<Record<string, string>>;
  /** The pods' labels that go with it. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Whether it makes the certificates that Gateways' annotations ask for: https://cert-manager.io/docs/usage/gateway/ */
  readonly gateways: boolean;
}

/** The name of the service account that cert-manager's controller runs as: identities in clouds are bound to it. */
export const certManagerAccount = "cert-manager";

/**
 * cert-manager's values: https://artifacthub.io/packages/helm/cert-manager/cert-manager. Its definitions come with the chart
 * and stay when it goes, with every certificate. It waits for its webhook by a job of its own (`startupapicheck`).
 */
export function certManagerValues(choices: CertManagerChoices): ChartValues {
  const { registry, repository } = imageFrom({ registry: "quay.io", repository: "jetstack" }, choices.source);
  const part = {
    replicaCount: choices.replicas,
    podDisruptionBudget: { enabled: choices.replicas > 1, ...(choices.replicas > 1 && { minAvailable: 1 }) },
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
  return {
    imageRegistry: registry,
    imageNamespace: repository,
    crds: { enabled: true, keep: true },
    ...(choices.gateways && { config: { enableGatewayAPI: true } }),
    ...part,
    serviceAccount: { name: certManagerAccount, annotations: choices.accountAnnotations },
    podAnnotations: choices.accountAnnotations,
    podLabels: choices.podLabels,
    webhook: part,
    cainjector: part,
    startupapicheck: { timeout: "5m" },
  };
}
