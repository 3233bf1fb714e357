import { strict as assert } from "node:assert";

import { shortcomings, type ClusterFacts, type Wanted } from "../../../infra/cluster/requirements";
import { describeFaults } from "../../../infra/fault";
import { images } from "../../../infra/versions";

const whole: ClusterFacts = {
  version: "v1.34.2",
  identity: { user: "ann", groups: ["operators", "system:authenticated"] },
  mayDoEverything: true,
  policies: "cilium",
  defaultStorageClasses: ["standard"],
  loadBalancer: "aws",
  login: "there",
};
const nothing: ClusterFacts = {
  version: "v1.28.0",
  identity: { user: "nobody", groups: [] },
  mayDoEverything: true,
  policies: undefined,
  defaultStorageClasses: [],
  loadBalancer: undefined,
  login: "missing",
};
const wanted: Wanted = {
  kubernetesVersion: "1.34",
  accept: [],
  deployers: { groups: ["operators"], users: ["ci@example.org"] },
  readers: { groups: [], users: [] },
  hasLogin: true,
};

function lacking(facts: Partial<ClusterFacts>, changes: Partial<Wanted> = {}): string {
  return describeFaults(shortcomings({ ...whole, ...facts }, { ...wanted, ...changes }));
}

describe("what a cluster lacks", () => {
  it("is nothing where it has all that the platform needs", () => {
    assert.equal(lacking({}), "");
  });

  it("is a version that holds tenants to their namespaces", () => {
    assert.equal(
      lacking({ version: "v1.29.14-gke.100" }),
      `the cluster's version
  given     v1.29.14-gke.100
  expected  Kubernetes 1.30 or newer, which has ValidatingAdmissionPolicies
  remedy    upgrade the cluster`,
    );
  });

  it("is the version that the settings name, unless its own is newer", () => {
    assert.equal(lacking({ version: "v1.35.0+k3s1" }), "");
    assert.equal(
      lacking({ version: "v1.33.5-eks-1a2b" }),
      `the cluster's version
  given     v1.33.5-eks-1a2b
  expected  at least cluster.kubernetesVersion, 1.34: its rules for pods are unknown to an older cluster
  remedy    set cluster.kubernetesVersion to "1.33", or upgrade the cluster`,
    );
  });

  it("is one of those who may set the platform's labels, as our user or a group of ours", () => {
    assert.equal(lacking({ identity: { user: "ci@example.org", groups: [] } }), "");
    assert.equal(
      lacking({ identity: { user: "bob", groups: ["developers", "system:authenticated"] } }),
      `the kubeconfig's identity
  given     user bob in the groups developers, system:authenticated
  expected  one of cluster.deployers (group operators, user ci@example.org): those alone set the platform's labels
  remedy    name the user, or a group that is the operators' alone, in cluster.deployers`,
    );
  });

  it("is rights for our credentials", () => {
    assert.equal(
      lacking({ mayDoEverything: false }),
      `the kubeconfig's rights
  given     less than everything
  expected  every right: the platform makes roles, and nobody may give a right that they don't have
  remedy    have an administrator type: kubectl create clusterrolebinding terp --clusterrole=cluster-admin --user=NAME, with the name that kubectl auth whoami shows`,
    );
  });

  it("is neither to who previews and may look, but all else that it lacks is said to them too", () => {
    const readers = { groups: ["previewers"], users: [] };
    const previewer = { identity: { user: "bob", groups: ["previewers"] }, mayDoEverything: false };
    assert.equal(lacking(previewer, { readers }), "");
    assert.equal(
      lacking({ ...previewer, defaultStorageClasses: [] }, { readers }).split("\n")[0],
      "the cluster's default storage class",
    );
  });

  it("is something that applies network policies", () => {
    assert.equal(
      lacking({ policies: undefined }),
      `the cluster's network policies
  given     nothing that is known to apply them
  expected  Cilium, Calico, Antrea, kube-router or a provider's own: without it tenants reach each other
  remedy    turn on what your provider has, as docs/clusters.md shows; if something else applies them, set cluster.policyCheck to packets, or add network-policy to cluster.accept`,
    );
  });

  it("is nothing where packets were held, whatever applies the policies", () => {
    assert.equal(lacking({ policies: undefined, packets: { kind: "held" } }), "");
  });

  it("is policies that hold, whatever name is there", () => {
    assert.equal(
      lacking({ policies: "cilium", packets: { kind: "passed" } }),
      `the cluster's network policies
  given     a packet that a policy forbids got through
  expected  policies that hold: without them tenants reach each other
  remedy    turn on what your provider has, as docs/clusters.md shows`,
    );
  });

  it("is pods that can show whether policies hold", () => {
    assert.equal(
      lacking({ packets: { kind: "unclear", reason: "no pod ran" } }),
      `the cluster's network policies
  given     nothing that packets could show (no pod ran)
  expected  pods of the image ${images.podinfo} that reach each other where no policy forbids it
  remedy    let nodes pull that image, or set cluster.policyCheck to names`,
    );
  });

  it("is one default storage class: none is too few, two are too many", () => {
    assert.equal(
      lacking({ defaultStorageClasses: [] }),
      `the cluster's default storage class
  given     none
  expected  one: claims of volumes that name no class get theirs from it
  remedy    type: kubectl annotate --overwrite storageclass NAME storageclass.kubernetes.io/is-default-class=true; if tenants need no volumes, add storage-class to cluster.accept`,
    );
    assert.match(
      lacking({ defaultStorageClasses: ["gp2", "gp3"] }),
      /given {5}gp2, gp3\n[^]*is-default-class=false/,
    );
  });

  it("is something that gives load balancers their address", () => {
    assert.equal(
      lacking({ loadBalancer: undefined }),
      `the cluster's load balancers
  given     no Service of type LoadBalancer with an address, and nothing that is known to give one
  expected  a cloud's, or MetalLB, kube-vip or k3s' own: requests from outside come in by it
  remedy    install one, as docs/clusters.md shows; if requests come in otherwise, add load-balancer to cluster.accept`,
    );
  });

  it("is an API server that knows the identity provider, where people are to log in and it shows", () => {
    assert.equal(
      lacking({ login: "missing" }),
      `the cluster's login
  given     an API server that is told of no OpenID Connect issuer
  expected  the issuer of the section oidc: else nobody's login is good for the cluster
  remedy    start the API server with --oidc-issuer-url, --oidc-client-id and --oidc-groups-claim, as docs/clusters.md shows; if people need no login to the cluster, add oidc-login to cluster.accept`,
    );
    assert.equal(lacking({ login: "hidden" }), "");
    assert.equal(lacking({ login: "missing" }, { hasLogin: false }), "");
  });

  it("is said all at once", () => {
    assert.equal(shortcomings(nothing, wanted).length, 6);
  });

  it("is what the settings don't accept; nobody can do without a version and an identity", () => {
    const accept = ["network-policy", "storage-class", "load-balancer", "oidc-login"] as const;
    assert.deepEqual(
      shortcomings(nothing, { ...wanted, accept }).map(({ path }) => path),
      ["the cluster's version", "the kubeconfig's identity"],
    );
  });

  it("isn't looked for by somebody who may not see it", () => {
    assert.deepEqual(
      shortcomings({ ...nothing, mayDoEverything: false }, wanted).map(({ path }) => path),
      ["the cluster's version", "the kubeconfig's identity", "the kubeconfig's rights"],
    );
  });
});
