import type { Written } from "./admission/attempt";

type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const number = { type: "integer" };
const free = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required,
});

function definition(apiVersion: string, names: { kind: string; plural: string }, spec: Schema): Written {
  const [group = "", version = ""] = apiVersion.split("/");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { ...names, singular: names.kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ spec }) },
        },
      ],
    },
  };
}

/**
 * Definitions of the kinds that the chart asks operators for, with no more than the fields that it may write, as CloudNativePG
 * 1.30 and OpsTree's Redis operator 0.26 have them, and of a claim for a database.
 */
export const operatorDefinitions: readonly Written[] = [
  definition(
    "postgresql.cnpg.io/v1",
    { kind: "Cluster", plural: "clusters" },
    object(
      {
        instances: number,
        imageName: text,
        storage: object({ size: text, storageClass: text }),
        bootstrap: object({ initdb: object({ database: text, owner: text }) }),
        resources: object({ requests: free, limits: free }),
      },
      ["instances"],
    ),
  ),
  definition(
    "redis.redis.opstreelabs.in/v1beta2",
    { kind: "Redis", plural: "redis" },
    object(
      {
        kubernetesConfig: object(
          {
            image: text,
            imagePullPolicy: text,
            redisSecret: object({ name: text, key: text }),
            resources: object({ requests: free, limits: free }),
          },
          ["image"],
        ),
        storage: object({ volumeClaimTemplate: object({ spec: free }) }),
        podSecurityContext: free,
        securityContext: free,
      },
      ["kubernetesConfig"],
    ),
  ),
  definition("database.example.nl/v1", { kind: "Database", plural: "databases" }, free),
];
