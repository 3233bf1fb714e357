import { join } from "node:path";

import { specOf } from "../toolchain/catalog";
import type { ImageSpec } from "./catalog";

const program = "/usr/local/bin/cert-manager";

/** Its publisher's images: the last part of their names, which is also what the one program here calls its parts. */
const parts = ["controller", "webhook", "cainjector", "acmesolver", "startupapicheck"];

/** cert-manager's images by its publisher's names, so that its chart runs unchanged. They differ in what they begin with alone. */
export const certManagerImages: readonly ImageSpec[] = parts.map((part) => ({
  service: "certificates",
  tool: "cert-manager",
  reference: `quay.io/jetstack/cert-manager-${part}:v${specOf("cert-manager").version}`,
  configuration: { user: "1000:1000", entrypoint: [program, part] },
  files: ({ directory }) => {
    const from = { file: join(directory, "cert-manager") };
    return Promise.resolve(new Map([[program, { kind: "file", from, mode: 0o755 }]]));
  },
}));
