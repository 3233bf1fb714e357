import { z } from "zod";
import type { Progress } from "../../local/progress";
import { ArmFault, type ArmBody, type ArmClient } from "./arm";
import type { InitStep } from "./plan";

/** A step and what was found of it. `deleted`: a vault whose name is still its own. */
export interface Finding {
  readonly step: InitStep;
  readonly state: "there" | "missing" | "deleted";
  readonly found?: ArmBody | undefined;
}

/** An identity of the pipeline's. */
export interface MadeIdentity {
  readonly id: string;
  readonly principal: string;
  /** What a pipeline signs in with as `AZURE_CLIENT_ID`: no secret. */
  readonly client: string;
}

const identityBody = z.object({ properties: z.object({ principalId: z.string(), clientId: z.string() }) });
const vaultBody = z.looseObject({ location: z.string() });

/** Looks what there is of all steps; changes nothing. @throws ArmFault */
export async function look(client: ArmClient, steps: readonly InitStep[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const step of steps) {
    const found = await client.get(step.id, step.apiVersion);
    if (found !== undefined && (step.isDone?.(found) ?? true)) findings.push({ step, state: "there", found });
    else findings.push({ step, state: (await isDeletedVault(client, step)) ? "deleted" : "missing", found });
  }
  return findings;
}

/** What will be done, a line for each step. */
export function describeFindings(findings: readonly Finding[]): string[] {
  const marks = { there: "=", missing: "+", deleted: "~" };
  const words = { there: "is there", missing: "is made", deleted: "was deleted, and is recovered" };
  return findings.map(
    ({ step, state }) => `  ${marks[state]} ${step.title}: ${words[state]}\n      ${step.id}`,
  );
}

/** What a pipeline signs in with as each identity, and what makes the identity known to the cluster. */
export function describeIdentities(identities: readonly MadeIdentity[]): string[] {
  return identities.map(({ id, principal, client }) => {
    const name = id.split("/").at(-1) ?? id;
    const place = name.endsWith("-preview")
      ? "goes into terp:cluster.readers.identities"
      : "becomes a member of a group in terp:cluster.administrators";
    return `${name}: AZURE_CLIENT_ID is ${client}; its object id, ${principal}, ${place}`;
  });
}

/**
 * Makes what is missing, one after the other, and leaves what is there as it is. May be cut off anywhere and run again.
 *
 * @returns the identities of the pipeline.
 * @throws ArmFault
 */
export async function perform(
  client: ArmClient,
  findings: readonly Finding[],
  progress: Progress,
): Promise<MadeIdentity[]> {
  const identities: MadeIdentity[] = [];
  for (const { step, state, found } of findings) {
    const principals = new Map(identities.map(({ id, principal }) => [id, principal]));
    const body =
      state === "there" && found !== undefined
        ? found
        : await progress.step(step.title, () => make(client, step, state, step.body(principals)));
    const identity = identityBody.safeParse(body);
    if (identity.success) {
      const { principalId, clientId } = identity.data.properties;
      identities.push({ id: step.id, principal: principalId, client: clientId });
    }
  }
  return identities;
}

async function make(
  client: ArmClient,
  step: InitStep,
  state: Finding["state"],
  body: ArmBody,
): Promise<ArmBody> {
  if (state === "deleted") {
    const { location } = vaultBody.parse(body);
    const properties = { ...(body["properties"] as ArmBody), createMode: "recover" };
    await client.put(step.id, step.apiVersion, { location, properties });
  }
  try {
    return await client.put(step.id, step.apiVersion, body);
  } catch (error) {
    // Somebody gave the same role under another name.
    if (error instanceof ArmFault && error.azureCode === "RoleAssignmentExists") return body;
    throw error;
  }
}

async function isDeletedVault(client: ArmClient, { id, apiVersion, body }: InitStep): Promise<boolean> {
  const [, subscription, name] =
    /^(\/subscriptions\/[^/]+)\/.*\/Microsoft\.KeyVault\/vaults\/([^/]+)$/.exec(id) ?? [];
  if (subscription === undefined || name === undefined) return false;
  const { location } = vaultBody.parse(body(new Map()));
  const deleted = `${subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`;
  return (await client.get(deleted, apiVersion)) !== undefined;
}
