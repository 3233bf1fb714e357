import { chmod, chown, mkdir } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import type { ImageService } from "../images";
import { paths } from "../paths";
import { plain } from "../progress";
import { ensureNode } from "./ensure";
import { certificatesOfNode, hasCertificatesToRenew } from "./expiry";
import { inspectNode } from "./inspect";
import type { NodeLogin } from "./login";
import { logFolders } from "./logFolders";
import { removeNode } from "./remove";
import { nodeOfStack, prepareNode, sourcesDigest } from "./stackNode";

/** What the state keeps of what was asked for. */
interface Inputs {
  /** The stack's name, which is the node's. */
  readonly name: string;
  /** Where images of a registry are pulled from instead. */
  readonly registries: Readonly<Record<string, string>>;
  /** The services whose images it has beside what every stack has; older states know of none. */
  readonly services?: readonly ImageService[];
  /** By whom people log in; absent where nobody does. */
  readonly login?: NodeLogin;
  /** Of the sources that the node was last brought up to date with. */
  readonly sources?: string;
  /** Counts the runs that found the node broken: a changed number is what makes the engine call `update`. */
  readonly repairs?: number;
}

/** What the state keeps of the running node. */
interface Outputs extends Inputs {
  /** `running`, or what is wrong. */
  readonly state: string;
  readonly kubeconfig: string;
  readonly server: string;
  readonly nodeAddress: string;
  readonly hostAddress: string;
}

/**
 * The inputs to go on with. A plain `up` only looks at the inputs, so a node that doesn't run, or was made from other
 * sources, has to show in them.
 *
 * @param old the inputs of the run before, empty at the first.
 * @param found whether the node runs, and the digest of the sources now.
 */
export function checkedInputs(
  old: Partial<Inputs>,
  asked: Inputs,
  found: { readonly healthy: boolean; readonly sources: string },
): Inputs {
  const { healthy, sources } = found;
  const repairs = old.repairs ?? 0;
  const first = old.name === undefined;
  return {
    name: asked.name,
    registries: asked.registries,
    ...(asked.services === undefined ? {} : { services: asked.services }),
    ...(asked.login === undefined ? {} : { login: asked.login }),
    sources,
    repairs: healthy || first ? repairs : repairs + 1,
  };
}

/** Whether services are asked for whose images the node doesn't have; images that aren't needed any more stay. */
function hasMore(old: readonly ImageService[] = [], asked: readonly ImageService[] = []): boolean {
  return asked.some((service) => !old.includes(service));
}

/** The user and group of the Git host's container; its pod may not change the folder's owner. */
const gitUser = 1000;

async function prepareGitFolder(stack: string): Promise<void> {
  const folder = paths(stack).git;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await chown(folder, gitUser, gitUser);
}

/** The user and group of Loki's container. */
const lokiUser = 10001;

async function prepareLogFolder(stack: string): Promise<void> {
  const { loki } = logFolders(paths(stack).node);
  await mkdir(loki, { recursive: true, mode: 0o700 });
  await chown(loki, lokiUser, lokiUser);
}

async function raise(inputs: Inputs): Promise<Outputs> {
  const progress = plain();
  await prepareGitFolder(inputs.name);
  const spec = await prepareNode(inputs.name, inputs.registries, progress, inputs.services);
  const access = await ensureNode({ ...spec, login: inputs.login }, progress);
  if (inputs.services?.includes("logs") === true) await prepareLogFolder(inputs.name);
  return {
    name: inputs.name,
    registries: inputs.registries,
    ...(inputs.services === undefined ? {} : { services: inputs.services }),
    ...(inputs.login === undefined ? {} : { login: inputs.login }),
    ...(inputs.sources === undefined ? {} : { sources: inputs.sources }),
    ...(inputs.repairs === undefined ? {} : { repairs: inputs.repairs }),
    state: "running",
    kubeconfig: access.kubeconfig,
    server: access.server,
    nodeAddress: access.nodeAddress,
    hostAddress: access.hostAddress,
  };
}

/** The embedded cluster as a Pulumi resource. Only `create`, `update` and `delete` change anything. */
export const provider: dynamic.ResourceProvider<Inputs, Outputs> = {
  async check(old: Partial<Inputs>, asked) {
    const node = nodeOfStack(asked.name);
    const { state } = await inspectNode(node);
    return {
      inputs: checkedInputs(old, asked, {
        // Certificates are renewed when the node is brought up to date.
        healthy: state === "running" && !hasCertificatesToRenew(certificatesOfNode(node)),
        sources: sourcesDigest(process.cwd()),
      }),
    };
  },

  diff(_id, old, asked) {
    const replaced = old.name !== asked.name;
    const changed =
      replaced ||
      old.sources !== asked.sources ||
      old.repairs !== asked.repairs ||
      hasMore(old.services, asked.services) ||
      !isDeepStrictEqual(old.login, asked.login) ||
      JSON.stringify(Object.entries(old.registries).sort()) !==
        JSON.stringify(Object.entries(asked.registries).sort());
    return Promise.resolve({ changes: changed, replaces: replaced ? ["name"] : [] });
  },

  async create(inputs) {
    return { id: inputs.name, outs: await raise(inputs) };
  },

  async update(_id, _old, inputs) {
    return { outs: await raise(inputs) };
  },

  async read(id, outputs) {
    if (outputs === undefined)
      throw new Error(`the embedded cluster "${id}" can't be imported; it is adopted by "up"`);
    const { state, faults } = await inspectNode(nodeOfStack(outputs.name));
    if (state === "absent") return { id: "", props: outputs };
    return { id, props: { ...outputs, state: state === "running" ? state : faults.join("; ") } };
  },

  async delete(_id, outputs) {
    await removeNode(nodeOfStack(outputs.name));
  },
};
