import { z } from "zod";
import type { ChartSource } from "../charts/chart";
import { help, homePath } from "./help";

/** The section `charts`: where charts and their images are taken from. */
export const charts: z.ZodType<ChartSource> = z.strictObject({
  mirror: z
    .string()
    .regex(/^(https?|oci):\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[A-Za-z0-9._~-]+)*\/?$/)
    .register(help, {
      expected: "the address of a chart repository, which starts with https:// or oci:// and has no password",
      example: "oci://registry.example.org/charts",
    })
    .optional(),
  imageMirror: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9._-]+)*$/)
    .register(help, {
      expected: "a registry's host, and folders in it if there are, without https://",
      example: "registry.example.org/mirror",
    })
    .optional(),
  caFile: homePath("~/terp/charts-ca.pem").optional(),
});
