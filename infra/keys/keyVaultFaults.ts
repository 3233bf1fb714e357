import { OutOfPatience } from "./patience";

/** What was asked of a vault, and what it takes to be allowed to. */
export interface VaultOperation {
  /** Ends the sentence "… is refused", e.g. `writing the secret`. */
  readonly doing: string;
  /** A built-in role that admits it. */
  readonly role: string;
  /** The permission for secrets that admits it, in a vault with access policies. */
  readonly permission: string;
}

/** What Terp asks of a vault. The roles are those of Key Vault's documentation. */
export const operations = {
  list: { doing: "listing the versions of the secret", role: "Key Vault Secrets User", permission: "list" },
  read: { doing: "reading the secret", role: "Key Vault Secrets User", permission: "get" },
  lookUpDeleted: {
    doing: "looking whether the secret was deleted",
    role: "Key Vault Secrets Officer",
    permission: "get",
  },
  write: { doing: "writing the secret", role: "Key Vault Secrets Officer", permission: "set" },
  disable: {
    doing: "disabling a version of the secret",
    role: "Key Vault Secrets Officer",
    permission: "set",
  },
  settle: {
    doing: "waiting until the vault shows what was written or recovered",
    role: "Key Vault Secrets User",
    permission: "list",
  },
  recover: {
    doing: "recovering the deleted secret",
    role: "Key Vault Secrets Officer",
    permission: "recover",
  },
} as const satisfies Readonly<Record<string, VaultOperation>>;

/** An answer of a vault. */
export interface LastAnswer {
  readonly status: number;
  /** The body of an answer that refuses, which holds no secret. */
  readonly refusal: string | undefined;
}

/** Where something failed. */
export interface FaultPlace {
  /** The vault's URL. */
  readonly url: string;
  readonly secret: string;
  readonly operation: VaultOperation;
  /** The last answer, if there was one: a wait for a throttled vault may have been cut short. */
  readonly lastAnswer: LastAnswer | undefined;
  /** How long all of it may take, and one request, in milliseconds. */
  readonly limits: { readonly all: number; readonly request: number };
}

/** `missing`, `busy` and `deleted` are answers to go on with; the others end the run. */
export type FaultKind = "missing" | "busy" | "deleted" | "throttled" | "refused" | "unreachable" | "other";

/** Why a vault didn't do what it was asked: where, what is so, what is expected, and how to mend it. Never a secret. */
export class KeyVaultFault extends Error {
  constructor(
    readonly kind: FaultKind,
    message: string,
  ) {
    super(message);
    this.name = "KeyVaultFault";
  }
}

/**
 * Words what the SDK threw. Nothing of its own message is repeated but codes: it may quote what was sent.
 *
 * @param error What was thrown.
 */
export function faultFrom(error: unknown, place: FaultPlace): KeyVaultFault {
  if (error instanceof KeyVaultFault) return error;
  const make = (kind: FaultKind, text: string): KeyVaultFault =>
    new KeyVaultFault(kind, `Azure Key Vault ${place.url}, secret "${place.secret}": ${text}`);
  const isAborted = error instanceof OutOfPatience || (error instanceof Error && error.name === "AbortError");
  const answer = answerIn(error, place.lastAnswer);
  if (answer.status === 429 || (isAborted && place.lastAnswer?.status === 429)) {
    return make(
      "throttled",
      `${place.operation.doing} is throttled (429): the vault gets more requests than it takes, and did so through all tries; ` +
        `run this again in a minute, and find out who else uses the vault so much`,
    );
  }
  if (isAborted) {
    const seconds = (error instanceof OutOfPatience ? place.limits.all : place.limits.request) / 1000;
    return make(
      "unreachable",
      `${place.operation.doing} took longer than ${String(seconds)} s; look at the network between here and the vault ` +
        `(DNS, firewall, HTTPS_PROXY), then run this again`,
    );
  }
  if (answer.status !== undefined) return fromAnswer(make, answer, place);
  return fromConnection(make, error, place);
}

/** What is known of an answer that refuses. */
interface Answer {
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly inner?: string | undefined;
  readonly text: string;
}

type Make = (kind: FaultKind, text: string) => KeyVaultFault;

function fromAnswer(make: Make, { status, code, inner, text }: Answer, place: FaultPlace): KeyVaultFault {
  const { doing } = place.operation;
  const vault = new URL(place.url).hostname.split(".")[0] ?? "";
  switch (inner) {
    case "ForbiddenByFirewall": {
      const address = /Client address: ([0-9a-fA-F.:]+)/.exec(text)?.[1] ?? "ADDRESS";
      return make(
        "refused",
        `the vault's firewall refuses this machine (403, ${inner}); allow its address, or run this in a network that is allowed; ` +
          `type: az keyvault network-rule add --name ${vault} --ip-address ${address}`,
      );
    }
    case "ForbiddenByConnection":
      return make(
        "refused",
        `the vault is closed to public networks (403, ${inner}); run this in the network of its private endpoint`,
      );
    case "ObjectIsBeingDeleted":
    case "ObjectIsBeingRecovered":
      return make("busy", `the secret is just being deleted or recovered (409, ${inner}); run this again`);
    case "ObjectIsDeletedButRecoverable":
      return make("deleted", `the secret is deleted and can be recovered (409, ${inner}); run this again`);
    default:
  }
  const codes = [status, inner ?? code].filter((each) => each !== undefined).join(", ");
  if (status === 404) return make("missing", `${doing}: it isn't there (${codes}); run this again`);
  if (status === 403) return make("refused", denied({ codes, inner, text, vault }, place));
  if (status === 401) {
    return make(
      "refused",
      `the vault refuses the sign-in (${codes}); expected one to the vault's own tenant; set AZURE_TENANT_ID to it, ` +
        `or type: az login --tenant TENANT`,
    );
  }
  if (status === 409) return make("busy", `the vault is busy with the secret (${codes}); run this again`);
  if (status !== undefined && status >= 500) {
    return make(
      "unreachable",
      `${doing} failed: the vault, or a proxy before it, answers ${codes}; run this again later`,
    );
  }
  return make("other", `${doing} failed: the vault answers ${codes}; expected success`);
}

function denied(
  { codes, inner, text, vault }: { codes: string; inner: string | undefined; text: string; vault: string },
  { operation, secret }: FaultPlace,
): string {
  const who = /\boid=([0-9a-fA-F-]{36})/.exec(text)?.[1];
  const refused = `${operation.doing} is refused (${codes})${who === undefined ? "" : ` to the identity with object id ${who}`}`;
  if (inner === "AccessDenied") {
    return (
      `${refused}; expected the vault's access policy to have the permission "${operation.permission}" for secrets; ` +
      `type: az keyvault set-policy --name ${vault} --object-id ${who ?? "OBJECT_ID"} --secret-permissions get list set recover`
    );
  }
  return (
    `${refused}; expected the role "${operation.role}" on that secret; ` +
    `type: az role assignment create --assignee ${who ?? "OBJECT_ID"} --role "${operation.role}" ` +
    `--scope "$(az keyvault show --name ${vault} --query id --output tsv)/secrets/${secret}", ` +
    `then wait: a new role counts after ten minutes at the latest`
  );
}

/** Codes of the system's, and of the SDK's sign-in, which tells no more. */
const networkCode =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|network_error|endpoints_resolution_error)\b/;
const certificateCode =
  /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b/;
const signInError = /Authentication|CredentialUnavailable|ClientAuthError|ServerError|InteractionRequired/;

function fromConnection(make: Make, error: unknown, place: FaultPlace): KeyVaultFault {
  const { names, text } = flatten(error);
  const isSignIn = signInError.test(names);
  const whom = isSignIn ? "Azure's sign-in service" : "the vault";
  const network = networkCode.exec(text)?.[1];
  // Who has no credentials at all is told by failed attempts to find some, one of which asks the network.
  if (network !== undefined && !/CredentialUnavailable/.test(names)) {
    const hint =
      network === "ENOTFOUND" && !isSignIn
        ? "nobody knows its name; look whether the URL is right and the vault exists"
        : "look at the network (DNS, firewall, HTTPS_PROXY, NODE_EXTRA_CA_CERTS)";
    return make("unreachable", `${whom} can't be reached (${network}); ${hint}, then run this again`);
  }
  const certificate = certificateCode.exec(text)?.[1];
  if (certificate !== undefined) {
    return make(
      "unreachable",
      `the certificate of ${whom} isn't trusted (${certificate}); where a proxy of yours opens connections, ` +
        `name its CA's file in NODE_EXTRA_CA_CERTS`,
    );
  }
  if (/challenge resource|invalid scope/.test(text)) {
    return make(
      "other",
      `what answers there asks for a sign-in to something else than Azure Key Vault; expected the vault itself; ` +
        `look at DNS and HTTPS_PROXY`,
    );
  }
  if (isSignIn || /AZURE_TOKEN_CREDENTIALS|[Tt]enant ?[Ii][Dd]/.test(text)) {
    const code = /\bAADSTS\d+\b/.exec(text)?.[0];
    return make(
      "refused",
      `signing in to Azure failed${code === undefined ? "" : ` (${code})`}; expected one of: az login; a managed identity; ` +
        `AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE`,
    );
  }
  return make("other", `${place.operation.doing} failed (${names}); expected success`);
}

function answerIn(error: unknown, last: LastAnswer | undefined): Answer {
  const { statusCode, code } = (error ?? {}) as { readonly statusCode?: unknown; readonly code?: unknown };
  // A sign-in that was refused has a status of its own, which isn't the vault's.
  const isSignIn = error instanceof Error && signInError.test(error.name);
  if (typeof statusCode !== "number" || isSignIn) return { text: "" };
  const body = last?.status === statusCode ? parsed(last.refusal ?? "") : undefined;
  return {
    status: statusCode,
    code: plainCode(body?.error?.code ?? code),
    inner: plainCode(body?.error?.innererror?.code),
    text: body?.error?.message ?? "",
  };
}

interface ErrorBody {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly innererror?: { readonly code?: string };
  };
}

function parsed(text: string): ErrorBody | undefined {
  try {
    return JSON.parse(text) as ErrorBody;
  } catch {
    return undefined;
  }
}

/** A code as codes look; anything else might be more than that. */
function plainCode(code: unknown): string | undefined {
  return typeof code === "string" && /^[A-Za-z_]{1,60}$/.test(code) ? code : undefined;
}

/** The names of an error and all that caused it, and their codes and messages: to look into, not to repeat. */
function flatten(error: unknown, depth = 0): { readonly names: string; readonly text: string } {
  if (!(error instanceof Error) || depth > 5) return { names: typeof error, text: "" };
  const { code, cause, errors } = error as Error & { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]
    .filter((each) => each instanceof Error)
    .map((each) => flatten(each, depth + 1));
  return {
    names: [error.name, ...inner.map(({ names }) => names)].join(", "),
    text: [error.message, typeof code === "string" ? code : "", ...inner.map(({ text }) => text)].join("\n"),
  };
}
