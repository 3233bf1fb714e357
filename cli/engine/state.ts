import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  delete: z.boolean().default(false),
  protect: z.boolean().default(false),
});

const deployment = z
  .object({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.unknown()).nullish(),
    secrets_providers: z
      .looseObject({ state: z.looseObject({ salt: z.string().optional() }).nullish() })
      .nullish(),
  })
  .nullish();

const stateFile = z.object({ version: z.literal(3), checkpoint: z.object({ latest: deployment }) });
const stateExport = z.object({ version: z.literal(3), deployment });

/** A resource as the state remembers it; secrets are encrypted. */
export type StateResource = z.infer<typeof resource>;

/** What the engine remembers of a stack. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** How many operations had begun, and not ended, when the last run was cut off. */
  readonly pendingOperations: number;
  /** By which a passphrase can be checked; absent where the secrets are encrypted in another way. */
  readonly salt?: string;
}

/**
 * Reads a stack's state from the file backend, which takes the CLI a second.
 *
 * @param state the backend's folder.
 * @returns undefined if there is no such stack.
 * @throws if the file isn't one that this version understands.
 */
export async function readState(
  state: string,
  project: string,
  stack: string,
): Promise<StackState | undefined> {
  const file = join(state, ".pulumi", "stacks", project, `${stack}.json`);
  const text =
    (await readOptional(file))?.toString("utf8") ?? (await readOptional(`${file}.gz`).then(unpack));
  if (text === undefined) return undefined;
  const parsed = stateFile.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(
      `${file}: expected Pulumi's file format 3 (${z.prettifyError(parsed.error)}); ` +
        `restore the file from ${file}.bak, or export and import the stack with the version of Pulumi that wrote it`,
    );
  }
  return stackState(parsed.data.checkpoint.latest);
}

/**
 * The state in what `pulumi stack export` printed.
 *
 * @throws if this version doesn't understand it.
 */
export function exportedState(text: string): StackState {
  const parsed = stateExport.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(
      `pulumi stack export: expected Pulumi's format 3 (${z.prettifyError(parsed.error)}); use the version of Pulumi that wrote the state`,
    );
  }
  return stackState(parsed.data.deployment);
}

function stackState(latest: z.infer<typeof deployment>): StackState {
  const salt = latest?.secrets_providers?.state?.salt;
  return {
    resources: latest?.resources ?? [],
    pendingOperations: latest?.pending_operations?.length ?? 0,
    ...(salt === undefined ? {} : { salt }),
  };
}

/** The stack's outputs that aren't secret. */
export function plainOutputs(state: StackState): Readonly<Record<string, unknown>> {
  return state.resources.find((each) => each.type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

async function readOptional(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
}

function unpack(packed: Buffer | undefined): string | undefined {
  return packed === undefined ? undefined : gunzipSync(packed).toString("utf8");
}
