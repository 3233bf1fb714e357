import assert from "node:assert/strict";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { at } from "../attacks/identities";
import { eventually } from "../eventually";

const system = "kube-system";
const settings = at("v1", "configmaps", system, "coredns");
/** What follows it in the settings is the world's. */
const mark = "# The world's names\n";
const servers = `${at("v1", "pods", system)}?labelSelector=k8s-app%3Dkube-dns`;

/** Leads all names of a domain to an address, for who asks the cluster's DNS: elsewhere the world's does. */
export async function leadDomain(api: KubeApi, domain: string, address: string): Promise<void> {
  await haveWorld(api, [
    `${domain}:1053 {`,
    "    template IN A {",
    `      answer "{{ .Name }} 5 IN A ${address}"`,
    "    }",
    "    template IN ANY {",
    "      rcode NOERROR",
    "    }",
    "}",
  ]);
}

/** Has a name server asked for a domain's names, in place of whatever was there for the world's. */
export async function delegateDomain(api: KubeApi, domain: string, server: string): Promise<void> {
  await haveWorld(api, [`${domain}:1053 {`, `    forward . ${server}`, "}"]);
}

async function haveWorld(api: KubeApi, zone: readonly string[]): Promise<void> {
  const { data } = (await api.find(settings)) as { readonly data: { readonly Corefile: string } };
  const [own = ""] = data.Corefile.split(mark);
  await api.merge(settings, { data: { Corefile: `${own}${mark}${zone.join("\n")}\n` } }, "the-world");
  const former = (await api.list(servers)).map(({ metadata }) => metadata.name);
  for (const name of former) await api.remove(at("v1", "pods", system, name));
  await eventually(async () => {
    const [now, ...others] = await api.list(servers);
    assert.deepEqual(others, []);
    assert.ok(now !== undefined && !former.includes(now.metadata.name));
    assert.ok(now.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
  });
}
