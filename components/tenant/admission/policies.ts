import type { Trusted } from "../trusted";
import { certificates } from "./certificates";
import { credentials } from "./credentials";
import { hosts } from "./hosts";
import { ingresses } from "./ingresses";
import { kinds } from "./kinds";
import { networkPolicies } from "./networkPolicies";
import { owned } from "./owned";
import type { AdmissionPolicy } from "./policy";
import { reconcilers } from "./reconcilers";
import { restarts } from "./restarts";
import { robots } from "./robots";
import { routes } from "./routes";
import { services } from "./services";
import { sources } from "./sources";
import { volumeClaims } from "./volumeClaims";
import { workloads } from "./workloads";

/** Everything that bounds what a tenant may do in its own namespaces, beside its rights. */
export function tenantPolicies(trusted: Trusted): readonly AdmissionPolicy[] {
  return [
    networkPolicies,
    hosts,
    ingresses,
    routes,
    certificates,
    sources,
    reconcilers,
    workloads,
    services,
    credentials,
    volumeClaims,
    kinds,
    owned,
    restarts,
    robots,
  ].map((policy) => policy(trusted));
}
