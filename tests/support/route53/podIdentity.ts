/** As far as it is read here: an object of Kubernetes' that is to be admitted. */
export interface AdmissionReview {
  readonly request: {
    readonly uid: string;
    readonly namespace: string;
    readonly kind: { readonly kind: string };
    readonly object: {
      readonly metadata: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> };
      readonly spec?: PodSpec;
    };
  };
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly containers: readonly {
    readonly env?: readonly object[];
    readonly volumeMounts?: readonly object[];
  }[];
  readonly volumes?: readonly object[];
}

const folder = "/var/run/secrets/eks.amazonaws.com/serviceaccount";

/**
 * Does what EKS does to a new pod whose service account's annotation names a role: it gets a token for AWS, and variables that its SDK
 * reads. https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export class PodIdentity {
  /** Roles by namespace and name of service accounts, from their annotations. */
  private readonly roles = new Map<string, string>();

  /** @param variables What the pods' containers get besides. */
  constructor(private readonly variables: Readonly<Record<string, string>>) {}

  /** The answer to a review: nothing but the change of a pod. */
  review({ request }: AdmissionReview): object {
    const { uid, namespace, kind, object } = request;
    const answer = { uid, allowed: true };
    const reply = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" };
    if (kind.kind === "ServiceAccount") {
      const role = object.metadata.annotations?.["eks.amazonaws.com/role-arn"];
      const account = `${namespace}/${object.metadata.name ?? ""}`;
      if (role === undefined) this.roles.delete(account);
      else this.roles.set(account, role);
      return { ...reply, response: answer };
    }
    const role = this.roles.get(`${namespace}/${object.spec?.serviceAccountName ?? ""}`);
    if (role === undefined || object.spec === undefined) return { ...reply, response: answer };
    const patch = Buffer.from(JSON.stringify(this.patch(object.spec, role))).toString("base64");
    return { ...reply, response: { ...answer, patchType: "JSONPatch", patch } };
  }

  private patch({ containers, volumes = [] }: PodSpec, role: string): readonly object[] {
    const variables = {
      AWS_ROLE_ARN: role,
      AWS_WEB_IDENTITY_TOKEN_FILE: `${folder}/token`,
      ...this.variables,
    };
    const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const serviceAccountToken = { audience: "sts.amazonaws.com", expirationSeconds: 86_400, path: "token" };
    const token = { name: "aws-iam-token", projected: { sources: [{ serviceAccountToken }] } };
    return [
      { op: "add", path: "/spec/volumes", value: [...volumes, token] },
      {
        op: "add",
        path: "/spec/containers",
        value: containers.map((each) => ({
          ...each,
          env: [...(each.env ?? []), ...env],
          volumeMounts: [
            ...(each.volumeMounts ?? []),
            { name: token.name, mountPath: folder, readOnly: true },
          ],
        })),
      },
    ];
  }
}
