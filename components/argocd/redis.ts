import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { logicalName } from "../metadata";
import { digestOf } from "../pod";
import { argocdNamespace, argocdPorts, argocdRedis } from "./names";
import type { ArgocdObjects } from "./objects";
import { redisPod } from "./pods";

/** Argo CD's cache as it was made. */
export interface ArgocdRedis {
  readonly ready: pulumi.Resource;
  /** Of the password, which nobody can guess, so that it tells nothing of it. Changes with it. */
  readonly passwordDigest: pulumi.Output<string>;
}

/**
 * Makes Argo CD's cache. Its password is a new one after a lost state.
 *
 * @param image With `redis-server` on its PATH.
 */
export function argocdRedisOf(
  objects: ArgocdObjects,
  image: string,
  options: pulumi.CustomResourceOptions,
): ArgocdRedis {
  const { result } = new random.RandomPassword(
    argocdRedis,
    { length: 40, special: false },
    { ...options, additionalSecretOutputs: ["result"] },
  );
  const password = pulumi.secret(result);
  const configuration = (text: string): string =>
    [
      `requirepass ${text}`,
      'save ""',
      "appendonly no",
      `port ${String(argocdPorts.redis)}`,
      "bind * -::*",
      "",
    ].join("\n");
  const settings = new kubernetes.core.v1.Secret(
    logicalName("Secret", argocdRedis, argocdNamespace),
    {
      metadata: objects.own(argocdRedis),
      stringData: { auth: password, "redis.conf": password.apply(configuration) },
    },
    options,
  );
  const service = objects.service(argocdRedis, { redis: argocdPorts.redis }, options);
  const passwordDigest = pulumi.unsecret(password.apply(digestOf));
  const ready = objects.deployment(
    argocdRedis,
    passwordDigest.apply((digest) => redisPod(image, digest)),
    pulumi.mergeOptions(options, { dependsOn: [settings, service] }),
  );
  return { ready, passwordDigest };
}
