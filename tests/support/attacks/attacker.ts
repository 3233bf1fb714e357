import { Agent, fetch } from "undici";
import { stringify } from "yaml";
import { accessFrom, type Access } from "../../../infra/cluster/kubeApi";
import type { TrialPlatform } from "../trialPlatform";
import type { ForbiddenRequest, Identity } from "./identities";

const types = {
  "json-patch": "application/json-patch+json",
  "merge-patch": "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** The groups of team-blue's people, as its instance names them. */
export const groups = { owner: "blue-owners", developer: "blue-developers", viewer: "blue-viewers" } as const;

/** What the API server answered. */
export interface Answer {
  readonly status: number;
  readonly message: string;
}

/**
 * Somebody with all that a tenant's people and programs have: tokens that `terp tenant kubeconfig` gives, and for those who log
 * in, whom the API server believes an administrator to be.
 */
export class Attacker {
  private readonly agents = new Map<Access, Agent>();

  private constructor(
    private readonly accesses: Readonly<Record<"administrator" | "reconciler" | "robot", Access>>,
  ) {}

  static async create(trial: TrialPlatform): Promise<Attacker> {
    const kubeconfig = async (...words: readonly string[]): Promise<Access> => {
      const end = await trial.terp("tenant", "kubeconfig", "team-blue", ...words);
      if (end.code !== 0) throw new Error(end.standardError);
      return accessFrom(end.standardOutput);
    };
    const admin = await trial.terp("kubeconfig", "--print");
    const [reconciler, robot] = [await kubeconfig("--reconciler"), await kubeconfig("--robot", "ci")];
    return new Attacker({ administrator: accessFrom(admin.standardOutput), reconciler, robot });
  }

  /** Does a request as somebody of the tenant. */
  async request({ as, method, path, body, type, headers }: ForbiddenRequest): Promise<Answer> {
    const isPerson = as in groups;
    const access =
      this.accesses[isPerson ? "administrator" : (as as "administrator" | "reconciler" | "robot")];
    const contentType = method === "PATCH" ? types[type ?? "merge-patch"] : "application/json";
    const response = await fetch(`${access.server}${path}`, {
      method,
      dispatcher: this.agent(access),
      headers: {
        ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
        ...(isPerson ? personHeaders(as) : {}),
        ...(body === undefined ? {} : { "content-type": contentType }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: type === "apply" ? stringify(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, message: messageIn(text) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.close()));
  }

  private agent(access: Access): Agent {
    const known = this.agents.get(access);
    if (known !== undefined) return known;
    const connect = {
      ...(access.certificateAuthority === undefined ? {} : { ca: access.certificateAuthority }),
      ...(access.certificate === undefined ? {} : { cert: access.certificate }),
      ...(access.key === undefined ? {} : { key: access.key }),
    };
    const agent = new Agent({ connect });
    this.agents.set(access, agent);
    return agent;
  }
}

function personHeaders(as: Identity): Record<string, string> {
  return {
    "Impersonate-User": `${as}@blue.example.test`,
    "Impersonate-Group": groups[as as keyof typeof groups],
  };
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
