import { stringify } from "yaml";

import { gatewayApi, gatewayNamespace } from "../gateway/names";
import type { GitHostKind } from "../git/access";
import type { SealedFile } from "../git/repositoryContents";
import { codeOwners, codeOwnersFile } from "./codeOwners";

/** What a tenant's repository starts with is made for. */
export interface ScaffoldArgs {
  readonly tenant: string;
  /** The stack's name: the folder of that name is what this environment applies. */
  readonly environment: string;
  /** The namespace that the example runs in, e.g. `team-blue-app`. */
  readonly namespace: string;
  /** All of the tenant's namespaces. */
  readonly namespaces: readonly string[];
  /** The image of the example application, podinfo. */
  readonly sampleImage: string;
  /** The host name of the example application; absent where no gateway brings requests to it. */
  readonly host?: string | undefined;
  /** Accounts and teams that answer for the repository. */
  readonly codeOwners: readonly string[];
  /** Where the repository is. */
  readonly gitHost: GitHostKind;
}

/** The folder of a tenant's repository that an environment applies. */
export function environmentFolder(environment: string): string {
  return `environments/${environment}`;
}

/**
 * The folder of a tenant's repository with an environment's Secrets, which kustomize-controller applies whichever engine applies the
 * rest: it alone can decrypt them.
 */
export function secretsFolder(environment: string): string {
  return `${environmentFolder(environment)}/secrets`;
}

/** What the example application says: it comes from the encrypted Secret, and so shows that decryption works. */
export function sampleGreeting(tenant: string): string {
  return `Hello ${tenant}: this sentence was decrypted in the cluster`;
}

const labels = { app: "podinfo" };

function deployment(args: ScaffoldArgs): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "podinfo" },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "podinfo",
              image: args.sampleImage,
              imagePullPolicy: "IfNotPresent",
              ports: [{ name: "http", containerPort: 9898 }],
              env: [
                {
                  name: "PODINFO_UI_MESSAGE",
                  valueFrom: { secretKeyRef: { name: "greeting", key: "message" } },
                },
                { name: "PODINFO_UI_COLOR", value: "#34577c" },
              ],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              resources: { requests: { cpu: "5m", memory: "24Mi" }, limits: { memory: "64Mi" } },
              // Asked each second until it has started, and seldom from then on.
              startupProbe: {
                httpGet: { path: "/healthz", port: "http" },
                periodSeconds: 1,
                failureThreshold: 60,
              },
              readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
              livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
            },
          ],
        },
      },
    },
  };
}

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "podinfo" },
  spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};

/** The route by which requests for a host come to the example, through the tenant's own Gateway. */
function route(tenant: string, host: string): object {
  return {
    apiVersion: gatewayApi,
    kind: "HTTPRoute",
    metadata: { name: "podinfo" },
    spec: {
      parentRefs: [{ name: tenant, namespace: gatewayNamespace }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name: "podinfo", port: 80 }] }],
    },
  };
}

/** The Secret of the example, in clear; its value is a greeting and no secret. */
export function sampleSecret(tenant: string): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "greeting" },
    stringData: { message: sampleGreeting(tenant) },
  };
}

/** SOPS' rules for the repository: whoever encrypts there, encrypts to the tenant's key. */
export function sopsRules(recipient: string): string {
  return stringify({
    creation_rules: [{ path_regex: "\\.ya?ml$", encrypted_regex: "^(data|stringData)$", age: recipient }],
  });
}

function readme(args: ScaffoldArgs): string {
  const folder = environmentFolder(args.environment);
  return `# ${args.tenant}

What is in the folder \`${folder}\` on the branch \`main\` runs in your ${args.namespaces.length === 1 ? "namespace" : "namespaces"} ${args.namespaces.map((one) => `\`${one}\``).join(", ")},
moments after you push it. What you remove there is removed. This repository is yours: nothing here is written again by the platform.

## The example
\`${folder}\` runs [podinfo](https://github.com/stefanprodan/podinfo), which shows the message of the Secret \`greeting\`.
Change \`PODINFO_UI_COLOR\` in \`deployment.yaml\`, commit and push: the page changes its colour.
${args.host === undefined ? "" : `\nIt answers at https://${args.host}, by the route in \`route.yaml\`.\n`}
## Secrets
\`.sops.yaml\` names your public key. Encrypt a Secret before you commit it, one Secret in a file:

    terp seal ${folder}/secrets/my-secret.yaml      # or: sops encrypt --in-place ${folder}/secrets/my-secret.yaml

Name the file in \`${folder}/secrets/kustomization.yaml\`. Nobody but the platform's reconciler can decrypt it, and it does so for you alone.
To give a Secret a new value, write the whole file anew and encrypt it again.

## What your workloads must be like
- They run as an ordinary user: \`runAsNonRoot\`, no added capabilities, \`seccompProfile: RuntimeDefault\` (Pod Security \`restricted\`).
- Each container has a memory limit; one that asks for nothing gets a small one.
- They reach the cluster's DNS, your own namespaces, and what the operators allow you by name. Network policies add up:
  your own take nothing of that away.
- A Service is a \`ClusterIP\`. Host names, sources and images are those that the operators allow you; a refusal says which.
`;
}

/** Files of a new tenant's repository that hold nothing secret. */
export function scaffoldFiles(args: ScaffoldArgs, recipient: string): Record<string, string> {
  const folder = environmentFolder(args.environment);
  return {
    "README.md": readme(args),
    ".sops.yaml": sopsRules(recipient),
    [codeOwnersFile]: codeOwners(args.codeOwners, args.gitHost),
    [`${folder}/kustomization.yaml`]: stringify({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      namespace: args.namespace,
      resources: [
        "deployment.yaml",
        "service.yaml",
        "secrets",
        ...(args.host === undefined ? [] : ["route.yaml"]),
      ],
    }),
    [`${secretsFolder(args.environment)}/kustomization.yaml`]: stringify({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      namespace: args.namespace,
      resources: ["greeting.yaml"],
    }),
    [`${folder}/deployment.yaml`]: stringify(deployment(args)),
    [`${folder}/service.yaml`]: stringify(service),
    ...(args.host !== undefined && { [`${folder}/route.yaml`]: stringify(route(args.tenant, args.host)) }),
  };
}

/** Files of a new tenant's repository that are encrypted to the tenant before they leave this machine. */
export function scaffoldSecrets(args: ScaffoldArgs, recipient: string): Record<string, SealedFile> {
  return {
    [`${secretsFolder(args.environment)}/greeting.yaml`]: {
      manifest: stringify(sampleSecret(args.tenant)),
      recipient,
    },
  };
}
