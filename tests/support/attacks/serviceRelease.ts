import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { versions } from "../../../infra/versions";
import { serviceChart } from "../serviceChart";
import { release } from "./charts";

/** Values of the developers' chart for the sample application, which says a sentence. */
export const serviceSaying = (message: string): object => ({
  image: { name: "ghcr.io/stefanprodan/podinfo", tag: versions.podinfo },
  port: 9898,
  environment: { PODINFO_UI_MESSAGE: message },
  probes: {
    startup: { path: "/healthz", everySeconds: 1, failures: 60 },
    readiness: { path: "/readyz" },
    liveness: { path: "/healthz" },
  },
  // It ends at once, and well.
  migration: { command: ["./podinfo", "--version"] },
});

/** A HelmRelease of the developers' chart, which lies in the tenant's repository. */
export const serviceRelease = (message: string): object =>
  release("shop", {
    timeout: "2m",
    chart: {
      spec: {
        chart: "./charts/service",
        sourceRef: { kind: "GitRepository", name: "apps" },
        reconcileStrategy: "Revision",
        interval: "1m",
      },
    },
    values: serviceSaying(message),
  });

/** The developers' chart, file by file, as a tenant's repository has it. */
export async function serviceChartFiles(): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(serviceChart, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return Object.fromEntries(
    files.map((file, index) => [file.replace(serviceChart, "charts/service"), texts[index] ?? ""]),
  );
}
