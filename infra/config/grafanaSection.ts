import { z } from "zod";
import { rangeFaults } from "../range";
import { help } from "./help";

/** A Grafana for each tenant that asks for one, and one for the operators. */
export interface GrafanaConfig {
  /** The domain right below which their host names are, e.g. `platform.example.org`. */
  readonly domain: string;
  /**
   * Where the identity provider is, as CIDR: Grafanas reach it on port 443.
   *
   * @default nowhere: nobody logs in by it
   */
  readonly identityProvider: readonly string[];
  /**
   * What the API server puts before the names of the identity provider's groups, as tenants' people are written.
   *
   * @default ""
   */
  readonly groupsPrefix: string;
}

const domainLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** The section `grafana`. Where it is left out, nobody has one. */
export const grafana = z
  .strictObject({
    domain: z
      .string()
      .max(200)
      .regex(new RegExp(`^(${domainLabel}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`))
      .register(help, {
        expected:
          "a DNS name of at least two parts, without a wildcard: lower-case letters, digits and dashes, with dots between",
        example: "platform.example.org",
      }),
    identityProvider: z
      .array(
        z
          .string()
          .refine((cidr) => rangeFaults("", cidr).length === 0)
          .register(help, {
            expected:
              "a range as CIDR, from its first address, that isn't every address and has none where clouds hand out credentials",
            example: "192.0.2.7/32",
          }),
      )
      .default([]),
    groupsPrefix: z
      .string()
      .regex(/^\S*$/)
      .register(help, {
        expected: "what the API server puts before a group's name, without spaces",
        example: "oidc:",
      })
      .default(""),
  })
  .optional();
