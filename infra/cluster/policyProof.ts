import { z } from "zod";

import { messageOf } from "../fault";
import { images } from "../versions";
import { KubeApiError, type KubeApi } from "./kubeApi";

/** What was seen of packets between pods: those that a policy forbids are held back, or get through; or nothing can be told. */
export type PacketSight =
  | { readonly kind: "held" }
  | { readonly kind: "passed" }
  | { readonly kind: "unclear"; readonly reason: string };

/** How long is waited, in milliseconds. */
export interface Patience {
  /** Until pods run and reach each other. */
  readonly start: number;
  /** From the policy to the first look, and from one look to the next. */
  readonly pause: number;
  /** How often is looked whether a policy is in force. */
  readonly looks: number;
}

const usual: Patience = { start: 180_000, pause: 3_000, looks: 4 };

/** What the listening pods send back. */
const word = "terp";
const port = 9898;
const label = "terp-policy-proof";
const namespaces = "/api/v1/namespaces";

const made = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });
const pod = z.looseObject({ status: z.looseObject({ podIP: z.string().optional() }).default({}) });
const answers = z.array(z.string());

/**
 * Sees by packets whether a cluster applies NetworkPolicies, in a namespace of its own that is deleted again. Two pods listen, and a
 * third reaches both; then a policy closes one of them, and a fourth has to reach the other alone. A fourth, since a connection that
 * is there already may outlive a policy.
 *
 * @param api of an administrator.
 * @param patience how long is waited for it. Default: minutes for images, seconds for policies.
 */
export async function provePolicies(api: KubeApi, patience: Patience = usual): Promise<PacketSight> {
  await removeLeftovers(api);
  const namespace = made.parse(
    await api.post(namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { generateName: `${label}-`, labels: { app: label } },
    }),
  ).metadata.name;
  try {
    return await prove(api, `${namespaces}/${namespace}`, patience);
  } catch (error) {
    return { kind: "unclear", reason: messageOf(error) };
  } finally {
    await api.remove(`${namespaces}/${namespace}`);
  }
}

/** What a run that was killed left. */
async function removeLeftovers(api: KubeApi): Promise<void> {
  const left = await api.list(`${namespaces}?labelSelector=app%3D${label}`);
  await Promise.all(left.map(({ metadata }) => api.remove(`${namespaces}/${metadata.name}`)));
}

async function prove(api: KubeApi, namespace: string, patience: Patience): Promise<PacketSight> {
  const listening = ["open", "closed"];
  const within = { milliseconds: patience.start, what: "pods reach each other" };
  await Promise.all(listening.map((name) => makePod(api, namespace, { name, within })));
  const urls = await Promise.all(
    listening.map((name) => eventually(within, () => urlOf(api, `${namespace}/pods/${name}`))),
  );
  const asking = async (name: string): Promise<() => Promise<readonly boolean[]>> => {
    await makePod(api, namespace, { name, within, asks: urls });
    return () => ask(api, `${namespace}/pods/${name}`);
  };
  const before = await asking("before");
  await eventually(within, async () => ((await before()).every(Boolean) ? true : undefined));
  await api.post(`/apis/networking.k8s.io/v1${namespace.slice("/api/v1".length)}/networkpolicies`, closing);
  for (let look = 1; look <= patience.looks; look += 1) {
    await pause(patience.pause);
    const after = await asking(`after-${String(look)}`);
    const [open, closed] = await eventually(within, after);
    if (open === true && closed === false) return { kind: "held" };
  }
  return { kind: "passed" };
}

const closing = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "closing" },
  spec: { podSelector: { matchLabels: { pod: "closed" } }, policyTypes: ["Ingress"] },
};

interface Within {
  readonly milliseconds: number;
  readonly what: string;
}

interface ProofPod {
  readonly name: string;
  readonly within: Within;
  /** What it hands on each question to. Default: it answers itself. */
  readonly asks?: readonly string[];
}

async function makePod(
  api: KubeApi,
  namespace: string,
  { name, within, asks = [] }: ProofPod,
): Promise<void> {
  const args = [...asks.map((url) => `--backend-url=${url}`), "--http-client-timeout=3s"];
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: label, pod: name } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "podinfo",
          image: images.podinfo,
          imagePullPolicy: "IfNotPresent",
          command: ["./podinfo", ...args],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { cpu: "10m", memory: "24Mi" }, limits: { memory: "64Mi" } },
        },
      ],
    },
  };
  // Refused until the namespace has its account.
  await eventually(within, () => api.post(`${namespace}/pods`, body));
}

async function urlOf(api: KubeApi, path: string): Promise<string | undefined> {
  const { podIP } = pod.parse(JSON.parse(await api.text(path))).status;
  if (podIP === undefined) return undefined;
  return `http://${podIP.includes(":") ? `[${podIP}]` : podIP}:${String(port)}/echo`;
}

/** Which of the listening pods a pod reaches, in their order. */
async function ask(api: KubeApi, path: string): Promise<readonly boolean[]> {
  const said = answers.parse(await api.post(`${path}:${String(port)}/proxy/api/echo`, word));
  return said.map((each) => each === JSON.stringify(word));
}

/** Asks again and again until there is an answer. @throws with what stands in the way if there is none in time. */
async function eventually<T>(within: Within, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + within.milliseconds;
  for (;;) {
    let reason = "";
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof KubeApiError)) throw error;
      reason = `: ${error.message}`;
    }
    if (Date.now() > end)
      throw new Error(
        `it was waited in vain for ${String(within.milliseconds / 1000)} seconds until ${within.what}${reason}`,
      );
    await pause(500);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds));
}
