import type * as pulumi from "@pulumi/pulumi";

import type { LogAccess } from "../logs/names";
import type { GrafanaEntry } from "./entry";
import type { GrafanaArgs } from "./grafana";
import type { GrafanaGroups, GrafanaLogin } from "./login";

/** What all Grafanas of a platform have in common. */
export interface GrafanaPlatform {
  /** The stack's name. */
  readonly environment: string;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** Grafana's image, as its publisher makes it. */
  readonly image: string;
  /** The platform's domain, below which their host names are, e.g. `platform.example.org`. */
  readonly domain: string;
  /** How requests come to them. Absent where somebody else sees to that. */
  readonly entry?: GrafanaEntry | undefined;
  /** How logs are reached. */
  readonly logs: LogAccess;
  /** The client by which people log in. Absent where there is no identity provider. */
  readonly client?: GrafanaClient | undefined;
  /** Where the identity provider is, as CIDR. */
  readonly identityProvider: readonly string[];
  /** What the API server puts before the name of a group of the identity provider's; empty for nothing. */
  readonly groupsPrefix: string;
}

/** The identity provider's client for all Grafanas. */
export interface GrafanaClient {
  readonly login: Omit<GrafanaLogin, "groups">;
  /** Secret. */
  readonly secret: pulumi.Input<string>;
}

/** What each Grafana takes from the platform, with those who may log in to it. */
export function common(
  platform: GrafanaPlatform,
  groups: GrafanaGroups,
): Pick<
  GrafanaArgs,
  | "environment"
  | "podSecurityVersion"
  | "image"
  | "entry"
  | "logs"
  | "login"
  | "clientSecret"
  | "identityProvider"
> {
  const { client } = platform;
  return {
    environment: platform.environment,
    podSecurityVersion: platform.podSecurityVersion,
    image: platform.image,
    entry: platform.entry,
    logs: platform.logs,
    identityProvider: platform.identityProvider,
    ...(client && { login: { ...client.login, groups }, clientSecret: client.secret }),
  };
}
