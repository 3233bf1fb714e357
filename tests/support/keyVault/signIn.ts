import { randomBytes } from "node:crypto";
import type { Answer } from "./api";
import { Refusal } from "./vault";

/** Who signs in, as `@azure/identity` finds it in its environment. */
export interface Identity {
  readonly tenant: string;
  readonly client: string;
  readonly secret: string;
}

const signInHost = "login.microsoftonline.com";

/** Azure's sign-in service for one application: tokens for its secret, or for a federated token of its. */
export class SignIn {
  /** Every token it gave, to look for where none may be. */
  readonly tokens: string[] = [];

  /** @param resource What tokens are for, e.g. `https://vault.azure.net`. */
  constructor(
    private readonly identity: Identity,
    private readonly resource: string,
  ) {}

  /** Whether an `Authorization` header has a token of this service. */
  admits(authorization: string | undefined): boolean {
    return this.tokens.some((token) => authorization === `Bearer ${token}`);
  }

  /** The challenge for who comes without a token. */
  get challenge(): string {
    return `Bearer authorization="https://${signInHost}/${this.identity.tenant}", resource="${this.resource}"`;
  }

  /** @throws Refusal for wrong credentials, and for requests that it doesn't have */
  answer(url: URL, body: string): Answer {
    const { tenant, client, secret } = this.identity;
    if (url.pathname === `/${tenant}/v2.0/.well-known/openid-configuration`) return this.configuration();
    if (url.pathname === "/common/discovery/instance") {
      const aliases = { preferred_network: signInHost, preferred_cache: signInHost, aliases: [signInHost] };
      return {
        tenant_discovery_endpoint: `https://${signInHost}/${tenant}/v2.0/.well-known/openid-configuration`,
        metadata: [aliases],
      };
    }
    if (url.pathname !== `/${tenant}/oauth2/v2.0/token`)
      throw new Refusal(404, "NotFound", `${url.pathname}: the double has no such request`);
    const form = new URLSearchParams(body);
    const isKnown = form.get("client_id") === client;
    const isProven = form.get("client_secret") === secret || form.has("client_assertion");
    if (!isKnown || !isProven)
      throw new Refusal(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    if (form.get("scope")?.split(" ").includes(`${this.resource}/.default`) !== true)
      throw new Refusal(400, "invalid_scope", "AADSTS70011: The provided value for scope is not valid.");
    const token = randomBytes(24).toString("base64url");
    this.tokens.push(token);
    return { token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600, access_token: token };
  }

  private configuration(): Answer {
    const base = `https://${signInHost}/${this.identity.tenant}`;
    return {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    };
  }
}
