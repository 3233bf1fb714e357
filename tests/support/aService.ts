import { stringify } from "yaml";

import type { Service } from "../../components/service/service";
import type { ServiceAnswers } from "../../cli/service/template";

/** A service as its file says it, with what a test is about. */
export function aService(more: Partial<Service> = {}): Service {
  return {
    cluster: "in-cluster",
    service: { name: "shop", tenant: "team-blue", namespace: "app" },
    image: { name: "ghcr.io/team-blue/shop", tag: "1.4.2" },
    chart: { url: "https://git.example.org/platform/terp.git", path: "charts/service", revision: "v1.0.0" },
    ...more,
  };
}

/** Its file. */
export function aServiceFile(
  more: object = {},
  path = "services/local/shop.yaml",
): { path: string; text: string } {
  return { path, text: stringify({ ...aService(), ...more }) };
}

/** What a service is written from. */
export function serviceAnswers(more: Partial<ServiceAnswers> = {}): ServiceAnswers {
  return {
    environment: "local",
    name: "shop",
    tenant: "team-blue",
    namespace: "app",
    cluster: "in-cluster",
    image: "ghcr.io/team-blue/shop",
    tag: "1.4.2",
    chart: "https://git.example.org/platform/terp.git",
    revision: "v1.0.0",
    ...more,
  };
}
