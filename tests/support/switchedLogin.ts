import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";

/** What of an API server a login needs. */
export interface AccountMaker {
  /** Makes an object, and returns what the API server made of it. */
  readonly post: (path: string, body: object) => Promise<unknown>;
}

const accounts = "/api/v1/namespaces/default/serviceaccounts";
const rbac = "rbac.authorization.k8s.io";

/**
 * A kubeconfig whose text is the same whoever logs in, as AKS' is: a program gives the token, here of the one or the other
 * service account.
 */
export class SwitchedLogin {
  /** For files beside the login. */
  readonly folder = mkdtempSync(join(tmpdir(), "terp-login-"));

  private constructor(
    private readonly tokens: Readonly<Record<"deployer" | "previewer", string>>,
    private readonly whole: string,
  ) {}

  /** Makes both accounts; the deployer may do everything, and the previewer nothing yet. @param kubeconfig an administrator's. */
  static async create({ post }: AccountMaker, kubeconfig: string): Promise<SwitchedLogin> {
    const token = async (name: string): Promise<string> => {
      await post(accounts, { metadata: { name } });
      const made = (await post(`${accounts}/${name}/token`, { spec: {} })) as { status: { token: string } };
      return made.status.token;
    };
    const tokens = { deployer: await token("deployer"), previewer: await token("previewer") };
    await post(`/apis/${rbac}/v1/clusterrolebindings`, {
      metadata: { name: "deployer" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup: rbac, kind: "User", name: SwitchedLogin.nameOf("deployer") }],
    });
    const login = new SwitchedLogin(tokens, kubeconfig);
    login.as("deployer");
    return login;
  }

  /** The user as whom the API server knows an account. */
  static nameOf(who: "deployer" | "previewer"): string {
    return `system:serviceaccount:default:${who}`;
  }

  get kubeconfig(): string {
    const document = parse(this.whole) as { readonly users: readonly { readonly name: string }[] };
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "cat",
      args: [this.answer],
      interactiveMode: "Never",
    };
    return stringify({ ...document, users: document.users.map(({ name }) => ({ name, user: { exec } })) });
  }

  /** Who logs in from now on. */
  as(who: "deployer" | "previewer"): void {
    const answer = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: this.tokens[who] },
    };
    writeFileSync(this.answer, JSON.stringify(answer), { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get answer(): string {
    return join(this.folder, "answer.json");
  }
}
