import { createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { newAuthority, newCertificate } from "../../local/node/certificates";

/** What a token says of somebody; `iss`, `iat` and `jti` are there already. */
export interface Claims {
  readonly [claim: string]: unknown;
  readonly sub: string;
  readonly aud: string;
  readonly groups?: readonly string[];
  /** In seconds since 1970. @default in an hour */
  readonly exp?: number;
  /** @default the issuer's URL */
  readonly iss?: string;
}

/** How tokens are signed: with the issuer's key, with another one under its name, or not at all. */
export type Signature = "own" | "foreign" | "none";

const keyId = "the-only-one";

/**
 * An OpenID Connect provider as far as whoever is shown its tokens knows it: metadata and keys over HTTPS, and signed tokens
 * (OpenID Connect Discovery 1.0, RFC 7515, RFC 7517). Nobody logs in at it.
 */
export class OidcIssuer {
  /** What was asked of it. */
  readonly asked: string[] = [];
  private readonly key = newKey();

  private constructor(
    private readonly server: Server,
    private readonly host: string,
    /** The certificate of the authority that it is trusted by, in PEM. */
    readonly authority: string,
  ) {
    server.on("request", (request, response) => {
      const path = request.url ?? "";
      this.asked.push(path);
      const found = this.documents()[path];
      response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(found ?? {}));
    });
  }

  /** Begins to listen at an address of this machine, for which its certificate is. */
  static async start(address: string): Promise<OidcIssuer> {
    const authority = await newAuthority("the provider's authority");
    const { certificate, key } = await newCertificate(
      { commonName: "provider", usage: "server", addresses: [address] },
      authority,
    );
    const server = createServer({ cert: certificate, key });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return new OidcIssuer(server, address, authority.certificate);
  }

  get url(): string {
    return `https://${this.host}:${String((this.server.address() as AddressInfo).port)}/realms/teams`;
  }

  /** A token in its compact form. */
  token(claims: Claims, signature: Signature = "own"): string {
    const now = Math.floor(Date.now() / 1000);
    const header = signature === "none" ? { alg: "none" } : { alg: "RS256", kid: keyId };
    const body = { iss: this.url, iat: now, exp: now + 3600, jti: randomUUID(), ...claims };
    const signed = [header, body].map((part) => base64url(JSON.stringify(part))).join(".");
    if (signature === "none") return `${signed}.`;
    const key = signature === "own" ? this.key : newKey();
    return `${signed}.${base64url(sign("sha256", Buffer.from(signed), key))}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private documents(): Readonly<Record<string, unknown>> {
    const { url } = this;
    const jwk = createPublicKey(this.key).export({ format: "jwk" });
    return {
      "/realms/teams/.well-known/openid-configuration": {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        userinfo_endpoint: `${url}/userinfo`,
        jwks_uri: `${url}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
      "/realms/teams/keys": { keys: [{ ...jwk, use: "sig", alg: "RS256", kid: keyId }] },
    };
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
}

function base64url(data: string | Buffer): string {
  return Buffer.from(data).toString("base64url");
}
