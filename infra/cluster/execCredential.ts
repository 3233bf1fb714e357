import { spawnSync } from "node:child_process";
import { isatty } from "node:tty";
import { z } from "zod";

/** A user of a kubeconfig who gets credentials from a program, as Kubernetes' client libraries run it. */
export const execUser = z.looseObject({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().optional(),
});

const answer = z.looseObject({
  status: z.looseObject({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

/** What such a program gives. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** A program that waits for a person longer than that waits for nobody. */
const patience = 90_000;

/**
 * Runs the program that a kubeconfig's user names. It may talk to the person who sits there; where nobody does, it is told so, and
 * isn't waited for.
 *
 * @throws with the program's own words if it isn't there, fails, or gives no credential.
 */
export function credentialFrom(user: z.infer<typeof execUser>): ExecCredential {
  const { command, installHint } = user;
  const isAttended = isatty(process.stdin.fd);
  const run = spawnSync(command, user.args ?? [], {
    encoding: "utf8",
    timeout: patience,
    stdio: [isAttended ? "inherit" : "ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...Object.fromEntries((user.env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify({
        apiVersion: user.apiVersion,
        kind: "ExecCredential",
        spec: { interactive: isAttended },
      }),
    },
  });
  if (run.error !== undefined) {
    const isMissing = (run.error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(
      isMissing
        ? `kubeconfig: its program "${command}" isn't there; ${installHint ?? "install it, so that it is on the PATH"}`
        : `kubeconfig: its program "${command}" gave no credential within ${String(patience / 1000)} s: ${run.error.message}`,
      { cause: run.error },
    );
  }
  if (run.status !== 0) {
    throw new Error(
      `kubeconfig: its program "${command}" failed; log in as it asks for: ${run.stderr.trim().slice(-500)}`,
    );
  }
  const read = answer.safeParse(parsed(run.stdout));
  const { token, clientCertificateData: certificate, clientKeyData: key } = read.data?.status ?? {};
  if (token === undefined && certificate === undefined) {
    throw new Error(
      `kubeconfig: its program "${command}" gave no credential; expected an ExecCredential with a token or a certificate`,
    );
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
