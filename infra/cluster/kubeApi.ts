import type * as Undici from "undici";
import { parse } from "yaml";
import { z } from "zod";

import { credentialFrom, execUser } from "./execCredential";

const named = z.looseObject({ name: z.string() });

const kubeconfigFile = z.looseObject({
  "current-context": z.string(),
  clusters: z.array(
    named.extend({
      cluster: z.looseObject({ server: z.string(), "certificate-authority-data": z.string().optional() }),
    }),
  ),
  users: z.array(
    named.extend({
      user: z.looseObject({
        "client-certificate-data": z.string().optional(),
        "client-key-data": z.string().optional(),
        token: z.string().optional(),
        exec: execUser.optional(),
      }),
    }),
  ),
  contexts: z.array(named.extend({ context: z.looseObject({ cluster: z.string(), user: z.string() }) })),
});

/** Where a cluster is and who we are there. */
export interface Access {
  readonly server: string;
  readonly certificateAuthority?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

/**
 * Reads the current context of a kubeconfig whose credentials are inline, or given by a program that it names and that is run.
 *
 * @throws if it isn't one, or if the program gives none.
 */
export function accessFrom(kubeconfig: string): Access {
  const config = kubeconfigFile.parse(parse(kubeconfig));
  const context = config.contexts.find((each) => each.name === config["current-context"])?.context;
  const cluster = config.clusters.find((each) => each.name === context?.cluster)?.cluster;
  const user = config.users.find((each) => each.name === context?.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new Error(
      `kubeconfig: its current context "${config["current-context"]}" names no cluster or user in the file`,
    );
  }
  const decode = (data: string | undefined): string | undefined =>
    data === undefined ? undefined : Buffer.from(data, "base64").toString("utf8");
  const certificateAuthority = decode(cluster["certificate-authority-data"]);
  const given = user.exec === undefined ? {} : credentialFrom(user.exec);
  const certificate = given.certificate ?? decode(user["client-certificate-data"]);
  const key = given.key ?? decode(user["client-key-data"]);
  const token = given.token ?? user.token;
  return {
    server: cluster.server.replace(/\/$/, ""),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(token === undefined ? {} : { token }),
  };
}

/** An answer of the API server that isn't a success. */
export class KubeApiError extends Error {
  public constructor(
    public readonly status: number,
    path: string,
    body: string,
  ) {
    super(`${path}: the API server answered ${String(status)}: ${body.slice(0, 500)}`);
    this.name = "KubeApiError";
  }
}

const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(""),
  message: z.string().default(""),
  /** The generation that it tells of; absent where its author doesn't say. */
  observedGeneration: z.number().optional(),
  lastTransitionTime: z.string().optional(),
});

/** A condition of an object's status. */
export type Condition = z.infer<typeof condition>;

const kubeObject = z.looseObject({
  metadata: z.looseObject({
    name: z.string().default(""),
    namespace: z.string().default(""),
    generation: z.number().default(0),
    labels: z.record(z.string(), z.string()).default({}),
    creationTimestamp: z.string().optional(),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z
    .looseObject({
      conditions: z.array(condition).nullish(),
      observedGeneration: z.number().optional(),
    })
    .default({}),
});

/** Any object of the cluster, as far as all are alike. */
export type KubeObject = z.infer<typeof kubeObject>;

const list = z.looseObject({ items: z.array(kubeObject) });

/** It takes as long to load as all of a small command; most providers of dynamic resources ask a cluster nothing. */
const undici = () => require("undici") as typeof Undici;

/**
 * An API server that has just started, or has too much to do, answers 429 to what it hasn't begun, and says when to ask again; its
 * own clients ask ten times. What has a body isn't asked again: `fetch` sends it as a stream.
 */
const askAgain: Undici.RetryHandler.RetryOptions = {
  statusCodes: [429],
  errorCodes: [],
  methods: ["GET", "DELETE"],
  maxRetries: 10,
  throwOnError: false,
};

/** The few calls of the Kubernetes API that are made by hand; the client library takes too long to load for a command line. */
export class KubeApi {
  private readonly dispatcher: Undici.Dispatcher;

  public constructor(private readonly access: Access) {
    const { Agent, interceptors } = undici();
    this.dispatcher = new Agent({
      connect: {
        timeout: 5_000,
        ...(access.certificateAuthority === undefined ? {} : { ca: access.certificateAuthority }),
        ...(access.certificate === undefined ? {} : { cert: access.certificate }),
        ...(access.key === undefined ? {} : { key: access.key }),
      },
      headersTimeout: 15_000,
      bodyTimeout: 15_000,
    }).compose(interceptors.retry(askAgain));
  }

  /** The body of a path's answer. @throws KubeApiError unless it is a success. */
  public async text(path: string): Promise<string> {
    return this.request(path, {});
  }

  /** An object as it is there; undefined if there is no such object. @throws KubeApiError if it is refused. */
  public async find(path: string, headers: Record<string, string> = {}): Promise<unknown> {
    try {
      return JSON.parse(await this.request(path, { headers }));
    } catch (error) {
      if (error instanceof KubeApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** An object's metadata without the rest, which may be a secret; undefined if there is no such object. */
  public async metadata(path: string): Promise<KubeObject["metadata"] | undefined> {
    const accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    const found = await this.find(path, { accept });
    return found === undefined ? undefined : kubeObject.parse(found).metadata;
  }

  /** Posts an object and returns the answer. @throws KubeApiError unless it is a success. */
  public async post(path: string, body: unknown): Promise<unknown> {
    const text = await this.request(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    return JSON.parse(text);
  }

  /** Merges a change into an object, in the name of a field manager. @throws KubeApiError unless it is a success. */
  public async merge(path: string, change: unknown, fieldManager: string): Promise<void> {
    await this.request(`${path}?fieldManager=${encodeURIComponent(fieldManager)}`, {
      method: "PATCH",
      body: JSON.stringify(change),
      headers: { "content-type": "application/merge-patch+json" },
    });
  }

  /** Deletes an object; one that isn't there is as good. @throws KubeApiError unless it is a success. */
  public async remove(path: string): Promise<void> {
    try {
      await this.request(path, { method: "DELETE" });
    } catch (error) {
      if (!(error instanceof KubeApiError && error.status === 404)) throw error;
    }
  }

  /** The objects at a collection's path; none if the cluster doesn't know the kind. */
  public async list(path: string): Promise<KubeObject[]> {
    try {
      return list.parse(JSON.parse(await this.text(path))).items;
    } catch (error) {
      if (error instanceof KubeApiError && error.status === 404) return [];
      throw error;
    }
  }

  public async close(): Promise<void> {
    await this.dispatcher.close();
  }

  private async request(
    path: string,
    options: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<string> {
    const authorization: Record<string, string> =
      this.access.token === undefined ? {} : { authorization: `Bearer ${this.access.token}` };
    const response = await undici().fetch(`${this.access.server}${path}`, {
      ...options,
      headers: { accept: "application/json, */*", ...authorization, ...options.headers },
      dispatcher: this.dispatcher,
    });
    const body = await response.text();
    if (!response.ok) throw new KubeApiError(response.status, path, body);
    return body;
  }
}
