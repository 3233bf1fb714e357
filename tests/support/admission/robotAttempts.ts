import { by, type Attempt, type Written } from "./attempt";
import { robot } from "./world";

const secret = (name: string, type = "Opaque"): Written => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  type,
});
const denied = by("robots");

/** Secrets that a robot writes. */
export const robotAttempts: readonly Attempt[] = [
  { what: "deliver a Secret as a robot", object: secret("delivered"), as: robot },
  { what: "give values to its own charts", object: secret("helm-values") },
  ...["helm-values", "git-access", "sops-age"].map((name): Attempt => ({
    what: `write ${name} as a robot`,
    object: secret(name),
    as: robot,
    denied: denied(`Secret ${name} decides what Flux applies`),
  })),
  {
    what: "forge what Helm has installed as a robot",
    object: secret("a", "helm.sh/release.v1"),
    as: robot,
    denied: denied("Secret a is what Helm has installed: it alone writes that"),
  },
  {
    what: "forge it by its name as a robot",
    object: secret("sh.helm.release.v1.a.v1"),
    as: robot,
    denied: denied("it alone writes that"),
  },
];
