import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Secret } from "./secretSearch";
import type { TrialPlatform } from "./trialPlatform";

/** The private keys and passwords of a platform with one tenant. */
export async function secretsOf(trial: TrialPlatform, tenant: string): Promise<Secret[]> {
  const secrets: Secret[] = [];
  for (const file of await readdir(trial.paths.keys)) {
    const text = await readFile(join(trial.paths.keys, file), "utf8");
    const value = /AGE-SECRET-KEY-1[A-Z0-9]+/.exec(text)?.[0];
    if (value !== undefined) secrets.push({ name: `the platform's key ${file}`, value });
  }
  const api = await trial.api();
  try {
    for (const [namespace, name] of [
      [`terp-tenant-${tenant}`, "sops-age"],
      [`terp-tenant-${tenant}`, "git-access"],
      [`terp-tenant-${tenant}`, "webhook-token"],
      ["flux-system", "webhook-token"],
      ["flux-system", "git-access"],
      ["git", "gitea"],
    ]) {
      const path = `/api/v1/namespaces/${namespace ?? ""}/secrets/${name ?? ""}`;
      const { data } = JSON.parse(await api.text(path)) as { data: Record<string, string> };
      for (const [key, value] of Object.entries(data)) {
        const text = Buffer.from(value, "base64").toString();
        const isPrivate = /PRIVATE KEY|AGE-SECRET-KEY/.test(text) || ["password", "token"].includes(key);
        if (isPrivate) secrets.push({ name: `${key} of ${namespace ?? ""}/${name ?? ""}`, value: text });
      }
    }
  } finally {
    await api.close();
  }
  return secrets;
}
