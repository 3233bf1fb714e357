import { RunError } from "@pulumi/pulumi/errors";
import { z } from "zod";

import { type Fault, describeFaults, messageOf } from "../fault";
import { ask } from "../http";

/** Where an identity provider is asked, for applications that don't look it up themselves. */
export interface OidcEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly userInfo: string;
}

/** What of a provider's metadata is needed: OpenID Connect Discovery 1.0, section 3. */
const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string(),
});

const seconds = 20;

/**
 * What an identity provider says of itself, by OpenID Connect Discovery 1.0.
 *
 * @param issuer Its URL.
 * @param path Where the configuration has it, for messages, e.g. `oidc.issuer`.
 * @param ca Certificates of the authorities that it is trusted by, in PEM. Default: those of Node.
 * @throws RunError if it can't be reached, or is another one than it was taken for: logins would fail.
 */
export async function discover(issuer: string, path: string, ca?: string): Promise<OidcEndpoints> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const fault = (given: string, remedy: string): RunError =>
    new RunError(
      `the identity provider can't be used, and nothing was done:\n\n${describeFaults([
        {
          path,
          given,
          expected: `${issuer} as an OpenID Connect issuer, with its metadata at ${url}`,
          remedy,
        } satisfies Fault,
      ])}\n`,
    );
  const answer = await ask(url, seconds, { ca }).catch((error: unknown) => {
    throw fault(
      `a provider that can't be reached: ${messageOf(error)}`,
      "look at the address, at name resolution and at the proxy (HTTPS_PROXY) of the machine that runs Pulumi",
    );
  });
  if (answer.status !== 200)
    throw fault(
      `an address that answers with status ${String(answer.status)}`,
      "take the issuer as the provider shows it for this client: it is the claim iss of its tokens",
    );
  const found = metadata.safeParse(jsonIn(answer.text));
  if (!found.success)
    throw fault("an address that answers with something else", "take the issuer as the provider shows it");
  if (found.data.issuer !== issuer)
    throw fault(
      `a provider that calls itself ${JSON.stringify(found.data.issuer)}`,
      "write the issuer as it calls itself, to the last slash: tokens are compared with it",
    );
  return {
    authorization: found.data.authorization_endpoint,
    token: found.data.token_endpoint,
    userInfo: found.data.userinfo_endpoint,
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
