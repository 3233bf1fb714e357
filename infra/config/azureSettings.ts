import { z } from "zod";

import { help } from "./help";

/** An id in Azure or Entra ID. */
export function uuid(what: string): z.ZodGUID {
  return z.guid().register(help, {
    expected: `the id of ${what}: 32 hexadecimal digits in five groups`,
    example: "00000000-0000-0000-0000-000000000000",
  });
}

/** A range of IPv4 addresses as an address and the length of its prefix. */
export function ipv4Range(example: string): z.ZodCIDRv4 {
  return z.cidrv4().register(help, { expected: "a range of IPv4 addresses, such as 192.0.2.0/24", example });
}
