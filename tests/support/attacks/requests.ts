import { boundRequests } from "./boundRequests";
import { claimRequests } from "./claimRequests";
import type { ForbiddenRequest } from "./identities";
import { identityRequests } from "./identityRequests";
import { namespaceRequests } from "./namespaceRequests";
import { podRequests } from "./podRequests";
import { readingRequests } from "./readingRequests";

/** Every request that must be refused, whichever engine the tenant has. */
export const requests: readonly ForbiddenRequest[] = [
  ...namespaceRequests,
  ...podRequests,
  ...boundRequests,
  ...identityRequests,
  ...readingRequests,
  ...claimRequests,
];
