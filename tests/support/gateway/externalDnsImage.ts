import { join } from "node:path";
import { versions } from "../../../infra/versions";
import { commonFiles } from "../../../local/images/catalog";
import { ensureImage } from "../../../local/images/ensure";
import { layoutOf } from "../../../local/node";
import { ensureImages } from "../../../local/node/images";
import { silent } from "../../../local/progress";
import { ensureTools } from "../../../local/toolchain";
import type { TrialPlatform } from "../trialPlatform";

const program = "/external-dns";

/** Gives a trial's node external-dns' image, by the name that its chart has it pulled by. */
export async function bringExternalDns({ stack, paths }: TrialPlatform): Promise<void> {
  const tools = await ensureTools(["external-dns", "containerd"], silent);
  const file = join(tools["external-dns"].directory, "external-dns");
  const tag = `v${versions.externalDnsProgram}`;
  const image = await ensureImage(
    {
      name: `external-dns-${tag}`,
      reference: `registry.k8s.io/external-dns/external-dns:${tag}`,
      configuration: { user: "65532:65532", entrypoint: [program] },
      files: new Map([...(await commonFiles()), [program, { kind: "file", from: { file }, mode: 0o755 }]]),
    },
    silent,
  );
  const layout = layoutOf({ name: stack, directory: paths.node, runDirectory: paths.run });
  await ensureImages({ images: [image], tools: { containerd: tools.containerd.directory } }, layout);
}
