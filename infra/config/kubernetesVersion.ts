import { z } from "zod";

import { help } from "./help";

/** Kubernetes' minor version. */
export const kubernetesVersion = z
  .string()
  .regex(/^1\.[1-9][0-9]$/)
  .register(help, {
    expected: 'a minor version of Kubernetes as a text, in quotes, such as "1.34"',
    example: "1.34",
  });
