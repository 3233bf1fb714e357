import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../../local/files";
import { CommandError, exitCodes } from "../exit";

/** What Azure expects a federated token to be made out to (Microsoft's documentation on workload identity federation). */
const audience = "api://AzureADTokenExchange";

/** GitHub's tokens are good for five minutes. */
const renewal = 3 * 60_000;

const answer = z.object({ value: z.string().min(1) });

/** Gives a token of the pipeline's own. */
type TokenSource = () => Promise<string>;

/**
 * Lets `work` sign in to Azure as the pipeline's identity, where a pipeline offers one: GitHub Actions with
 * `permissions: id-token: write`, GitLab with `id_tokens: AZURE_ID_TOKEN`, and `AZURE_CLIENT_ID` and `AZURE_TENANT_ID` in either.
 * The token lies in a file of its owner's while `work` runs, is renewed before it ends, and is named in the environment as
 * Azure's libraries and the Azure plugin expect it. There is no secret to keep anywhere.
 *
 * @param environment changed while `work` runs, and set back.
 * @param period milliseconds between renewals.
 * @throws CommandError if the pipeline refuses the token.
 */
export async function withPipelineIdentity<T>(
  environment: NodeJS.ProcessEnv,
  work: () => Promise<T>,
  period = renewal,
): Promise<T> {
  const source = tokenSource(environment);
  if (source === undefined || environment["AZURE_FEDERATED_TOKEN_FILE"] !== undefined) return work();
  const folder = await mkdtemp(join(tmpdir(), "terp-identity-"));
  const file = join(folder, "token");
  const renew = async (): Promise<void> => {
    writeWhole(file, await source());
  };
  const added = {
    AZURE_FEDERATED_TOKEN_FILE: file,
    ARM_USE_OIDC: "true",
    ARM_OIDC_TOKEN_FILE_PATH: file,
    ARM_CLIENT_ID: environment["AZURE_CLIENT_ID"],
    ARM_TENANT_ID: environment["AZURE_TENANT_ID"],
  };
  const before = Object.fromEntries(Object.keys(added).map((name) => [name, environment[name]]));
  let timer: NodeJS.Timeout | undefined;
  try {
    await renew();
    Object.assign(environment, added);
    timer = setInterval(() => {
      // The next one may succeed; the token that is there is good for a while.
      void renew().catch(() => undefined);
    }, period).unref();
    return await work();
  } finally {
    clearInterval(timer);
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(environment, name);
      else environment[name] = value;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

function tokenSource(environment: NodeJS.ProcessEnv): TokenSource | undefined {
  const {
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    AZURE_CLIENT_ID: client,
    AZURE_ID_TOKEN: token,
    AZURE_TENANT_ID: tenant,
  } = environment;
  if (!client || !tenant) return undefined;
  if (token) return () => Promise.resolve(token);
  if (!url || !bearer) return undefined;
  return async () => {
    const target = new URL(url);
    target.searchParams.set("audience", audience);
    const response = await fetch(target, { headers: { Authorization: `Bearer ${bearer}` } });
    const content = response.ok ? answer.safeParse(await response.json().catch(() => undefined)) : undefined;
    if (content?.success === true) return content.data.value;
    throw new CommandError(
      `the pipeline's identity: GitHub answers ${String(response.status)}, expected a token; ` +
        "give the job `permissions: id-token: write`",
      exitCodes.prerequisites,
    );
  };
}
