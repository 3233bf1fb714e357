import { z } from "zod";

import { help } from "./help";

/** An id in Azure or Entra ID. */
export function uuid(what: string): z.ZodGUID {
  return z.guid().register(help, {
    expected: `the id of ${what}: 32 hexadecimal digits in five groups`,
    example: "1b4c7d2e-5f60-4a8b-9c3d-2e1f0a9b8c7d",
  });
}

/** A range of IPv4 addresses as an address and the length of its prefix. */
export function ipv4Range(example: string): z.ZodCIDRv4 {
  return z.cidrv4().register(help, { expected: "a range of IPv4 addresses, such as 192.0.2.0/24", example });
}
