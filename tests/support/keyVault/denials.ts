import { type Operation, Refusal } from "./vault";

/** Why an operation is refused. */
export type Denial = "role" | "policy" | "firewall" | "connection";

/** The object id of who signs in, which refusals name. */
export const objectId = "11111111-2222-3333-4444-555555555555";

/** How the service words that an operation isn't allowed. */
export function refusalFor(denial: Denial, operation: Operation): Refusal {
  const caller = `Caller: appid=x;oid=${objectId};iss=https://sts.windows.net/x/\r\n`;
  switch (denial) {
    case "role": {
      const message = `Caller is not authorized to perform action on resource.\r\n${caller}Assignment: (not found)\r\n`;
      return new Refusal(403, "Forbidden", message, { inner: "ForbiddenByRbac" });
    }
    case "policy": {
      const message = `The user, group or application 'appid=x;oid=${objectId};iss=x' does not have secrets ${operation} permission`;
      return new Refusal(403, "Forbidden", message, { inner: "AccessDenied" });
    }
    case "firewall": {
      const message = `Client address is not authorized and caller is not a trusted service.\r\nClient address: 192.0.2.7\r\n${caller}`;
      return new Refusal(403, "Forbidden", message, { inner: "ForbiddenByFirewall" });
    }
    case "connection": {
      const message = `Public network access is disabled and request is not from a trusted service.\r\n${caller}`;
      return new Refusal(403, "Forbidden", message, { inner: "ForbiddenByConnection" });
    }
  }
}
