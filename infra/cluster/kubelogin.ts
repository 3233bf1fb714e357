import { parse, stringify } from "yaml";
import { z } from "zod";

/** The application that AKS has in every Entra ID directory, for which tokens are asked (AKS' documentation). */
const aksServer = "6dae42f8-4368-4678-94ff-3960e28e3630";

const fromAzure = z.looseObject({
  clusters: z
    .array(
      z.looseObject({
        cluster: z.looseObject({ server: z.string(), "certificate-authority-data": z.string() }),
      }),
    )
    .min(1),
});

/**
 * A kubeconfig that holds no credential: whoever uses it logs in to Entra ID with `kubelogin`, as who the Azure CLI is logged in as.
 * That asks nobody anything and fails at once where nobody is logged in. A pipeline without the Azure CLI, or a person who wants
 * the browser, says so by kubelogin's own variable `AAD_LOGIN_METHOD` (`workloadidentity`, `interactive`), which goes before; so
 * the text is the same everywhere, and no run sees another's as a change.
 *
 * @param given the kubeconfig that Azure gives a user, for its server and certificate authority.
 * @param name what the cluster is called in it.
 * @param directory id of the Entra ID directory.
 * @throws if Azure's has no cluster.
 */
export function kubeloginConfig(given: string, name: string, directory: string): string {
  const read = fromAzure.safeParse(parse(given));
  const cluster = read.data?.clusters[0]?.cluster;
  if (cluster === undefined)
    throw new Error(
      `cluster "${name}": Azure gave a kubeconfig without a cluster; expected one with server and certificate authority`,
    );
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [
      {
        name,
        cluster: {
          server: cluster.server,
          "certificate-authority-data": cluster["certificate-authority-data"],
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "kubelogin",
            args: ["get-token", "--server-id", aksServer, "--tenant-id", directory, "--login", "azurecli"],
            interactiveMode: "IfAvailable",
            provideClusterInfo: false,
            installHint: "kubelogin logs in to Entra ID: https://azure.github.io/kubelogin/install.html",
          },
        },
      },
    ],
  });
}
