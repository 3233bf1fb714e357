import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultKubeconfig } from "../kubeconfig";
import { textAt } from "../objects";
import type { Settings } from "../settings";

/** Helm's refusal, in its own words without the leading "Error: INSTALLATION FAILED:". */
export class HelmError extends Error {}

/** Files that only this user can read, in a folder that `dispose` removes. What is secret reaches Helm this way, or by stdin. */
export class PrivateFolder {
  private readonly folder = mkdtempSync(join(tmpdir(), "terp-helm-"));

  public constructor() {
    chmodSync(this.folder, 0o700);
  }

  /** Writes a file and returns its path. */
  public write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** Removes the folder with everything in it. */
  public [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs the Helm CLI against the provider's cluster. */
export class Helm {
  public constructor(
    private readonly settings: Settings,
    private readonly folder: PrivateFolder,
  ) {}

  /**
   * Runs `helm` with these words and returns what it printed.
   * @param input what it reads from stdin
   * @throws HelmError
   */
  public async run(words: readonly string[], input = "", signal?: AbortSignal): Promise<string> {
    const { command, environment } = this.setting();
    return await new Promise<string>((resolve, reject) => {
      const child = spawn(command, [...words, ...this.clusterWords()], {
        env: environment,
        stdio: ["pipe", "pipe", "pipe"],
        ...(signal === undefined ? {} : { signal, killSignal: "SIGTERM" }),
      });
      const output = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString("utf8")));
      child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString("utf8")));
      child.on("error", (error: NodeJS.ErrnoException) => {
        const missing =
          "the Helm CLI is needed for kubernetes:helm.sh/v3:Release: put `helm` (version 3) on PATH";
        reject(new HelmError(error.code === "ENOENT" ? missing : error.message));
      });
      child.on("close", (code) => {
        if (code === 0) resolve(output.stdout);
        else reject(new HelmError(reasonIn(output.stderr)));
      });
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  }

  private clusterWords(): string[] {
    const text = this.kubeconfig();
    const { context } = this.settings;
    return [
      ...(text === undefined ? [] : ["--kubeconfig", this.folder.write("kubeconfig", text)]),
      ...(context === undefined ? [] : ["--kube-context", context]),
    ];
  }

  private kubeconfig(): string | undefined {
    const given = this.settings.kubeconfig;
    if (given === undefined) return defaultKubeconfig();
    return !/[\n{]/.test(given) && existsSync(given) ? readFileSync(given, "utf8") : given;
  }

  private setting() {
    const variables: Record<string, string> = {
      driver: "HELM_DRIVER",
      pluginsPath: "HELM_PLUGINS",
      registryConfigPath: "HELM_REGISTRY_CONFIG",
      repositoryCache: "HELM_REPOSITORY_CACHE",
      repositoryConfigPath: "HELM_REPOSITORY_CONFIG",
    };
    const environment = { ...process.env };
    for (const [setting, variable] of Object.entries(variables)) {
      const value = textAt(this.settings.helm, setting);
      if (value !== undefined && value !== "") environment[variable] = value;
    }
    return { command: process.env["PULUMI_K8S_HELM"] ?? "helm", environment };
  }
}

function reasonIn(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("WARNING:"));
  const start = lines.findIndex((line) => line.startsWith("Error: "));
  return (start < 0 ? lines : lines.slice(start))
    .join("\n")
    .replace(/^Error: /, "")
    .replace(/^(INSTALLATION|UPGRADE) FAILED: /, "")
    .trim();
}
