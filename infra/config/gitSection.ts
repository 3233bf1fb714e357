import { z } from "zod";

import { sshPorts } from "../sshPorts";
import { help } from "./help";
import { knownHosts } from "./knownHosts";

/** Where the platform's and the tenants' repositories are. */
export type GitConfig = GiteaConfig | GithubConfig | GitlabConfig;

/** Gitea inside the cluster. */
export interface GiteaConfig {
  readonly kind: "gitea";
  /** Where it runs and how it is reached. The embedded cluster decides that itself; for any other it is given. */
  readonly node?: GitNode | undefined;
  /** What a change of a tenant's needs. Absent where whoever may write pushes. */
  readonly review?: ReviewConfig | undefined;
  readonly receiver?: ReceiverConfig | undefined;
}

/** The node that keeps Gitea's data. */
export interface GitNode {
  /** Absolute path on the node. It exists, and belongs to user and group 1000. */
  readonly dataFolder: string;
  /** The node's address for the machine that runs Pulumi, and for those who push. */
  readonly address: string;
  /** The address of the machine that runs Pulumi, as the node sees it: none but it and Flux may connect. */
  readonly clientAddress: string;
}

/** An organisation at GitHub, or at a GitHub Enterprise. */
export interface GithubConfig extends HostedConfig {
  readonly kind: "github";
  /** It exists: none can be made by GitHub's API. */
  readonly organisation: string;
}

/** A group at GitLab, or at a GitLab of one's own. */
export interface GitlabConfig extends HostedConfig {
  readonly kind: "gitlab";
  /** Its full path, with slashes between groups. It exists. */
  readonly group: string;
}

/** A Git host outside the cluster. Its token is the stack's secret `gitToken`. */
export interface HostedConfig {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The port of its SSH. */
  readonly sshPort: number;
  /** Lines of `known_hosts`: the host keys that Flux takes for its own. Absent where they are known to Terp. */
  readonly knownHosts?: string | undefined;
  /** Who may read the tenants' repositories. The platform repository is private. */
  readonly visibility: "private" | "internal" | "public";
  /** Whether nobody may rewrite or delete a default branch; without that no change needs a review either. */
  readonly protect: boolean;
  /** What a change of a tenant's needs. */
  readonly review: ReviewConfig;
  readonly receiver?: ReceiverConfig | undefined;
}

export interface ReviewConfig {
  /** How many others must approve a change before it is merged. With none, whoever may write pushes. */
  readonly approvals: number;
}

/** How a Git host outside the cluster says that something was pushed. Absent where it can't: then Flux asks at its interval. */
export interface ReceiverConfig {
  /** The address by which it reaches Flux's Service `webhook-receiver`, without a slash at the end. */
  readonly url: string;
  /** The namespace of what passes its calls on: the ingress controller or gateway. */
  readonly namespace: string;
}

function nodePath(example: string): z.ZodString {
  return z
    .string()
    .regex(/^\/[^\0]*$/)
    .register(help, { expected: 'a path on the node that starts with "/"', example });
}

function address(example: string): z.ZodType<string> {
  return z.union([z.ipv4(), z.ipv6()]).register(help, { expected: "an IP address", example });
}

function httpsUrl(what: string, example: string): z.ZodString {
  return z
    .string()
    .regex(/^https:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?$/)
    .register(help, { expected: `${what}: https:// and a host, nothing after it`, example });
}

const receiver = z
  .strictObject({
    url: httpsUrl("the address by which the Git host reaches Flux", "https://hooks.example.org"),
    namespace: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
      .register(help, {
        expected: "the namespace of the ingress controller or gateway",
        example: "ingress-nginx",
      }),
  })
  .optional();

const review = z.strictObject({
  // GitHub admits six.
  approvals: z.int().min(0).max(6).register(help, { expected: "a whole number from 0 to 6", example: "1" }),
});

/** Hosts whose keys Terp knows. */
export const publishedHosts = ["github.com", "gitlab.com"];

function hosted(url: string): {
  readonly url: z.ZodDefault<z.ZodString>;
  readonly sshPort: z.ZodDefault<z.ZodNumber>;
  readonly knownHosts: z.ZodOptional<z.ZodString>;
  readonly visibility: z.ZodDefault<z.ZodType<HostedConfig["visibility"]>>;
  readonly protect: z.ZodDefault<z.ZodBoolean>;
  readonly receiver: typeof receiver;
} {
  return {
    url: httpsUrl("the Git host's address", url).default(url),
    sshPort: z
      .int()
      .refine((port) => sshPorts.includes(port))
      .register(help, {
        expected: `${sshPorts.join(", ")}: what the network policies let Flux reach`,
        example: "22",
      })
      .default(22),
    knownHosts: knownHosts.optional(),
    visibility: z
      .union([z.literal("private"), z.literal("internal"), z.literal("public")])
      .register(help, { expected: "private, internal or public", example: "private" })
      .default("private"),
    protect: z.boolean().register(help, { expected: "true or false", example: "true" }).default(true),
    receiver,
  };
}

/** The section `git`. */
export const gitSection = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("gitea"),
    node: z
      .strictObject({
        dataFolder: nodePath("/srv/gitea"),
        address: address("192.0.2.10"),
        clientAddress: address("192.0.2.1"),
      })
      .optional(),
    review: review.optional(),
    receiver,
  }),
  z.strictObject({
    kind: z.literal("github"),
    ...hosted("https://github.com"),
    organisation: z
      .string()
      .regex(/^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$/)
      .register(help, { expected: "the name of an organisation at GitHub", example: "acme" }),
    review: review.default({ approvals: 1 }),
  }),
  z.strictObject({
    kind: z.literal("gitlab"),
    ...hosted("https://gitlab.com"),
    group: z
      .string()
      .regex(/^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/)
      .register(help, { expected: "the full path of a group at GitLab", example: "acme/teams" }),
    review: review.default({ approvals: 0 }),
  }),
]);
