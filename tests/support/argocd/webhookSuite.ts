import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";

import { argocdApi, argocdNamespace } from "../../../components/argocd/names";
import type { WebhookTokens } from "../../../components/argocd/webhooks";
import type { ControlPlane } from "../controlPlane";
import { eventually } from "../eventually";

/** Argo CD's API as it runs, at an API server with its Applications. */
export interface RunningArgocd {
  /** Where it listens. */
  readonly address: string;
  readonly plane: ControlPlane;
}

/** What its Git hosts show it here: the environment's own is GitHub. */
export const shownTokens: WebhookTokens = { own: "GitHub's alone", others: "nobody's" };

/** The web page of a repository that one of the Applications has, at a host that Argo CD is told of by webhook. */
const page = (tenant: string): string => `https://git.test/${tenant}`;
const nowhere = "http://127.0.0.1:9";
const commits = { before: "1".repeat(40), after: "2".repeat(40), commits: [] };
const main = { ref: "refs/heads/main", ...commits };
const annotation = "argocd.argoproj.io/refresh";

/** How a Git host says that a branch has moved, and how it shows that it is itself. */
interface PushWord {
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: (tenant: string) => object;
  readonly shown: (token: string, text: string) => Readonly<Record<string, string>>;
}

function signed(header: string, before: string): PushWord["shown"] {
  return (token, text) => ({ [header]: before + createHmac("sha256", token).update(text).digest("hex") });
}

const github: PushWord = {
  host: "GitHub",
  headers: { "x-github-event": "push" },
  body: (tenant) => ({ ...main, repository: { html_url: page(tenant), default_branch: "main" } }),
  shown: signed("x-hub-signature-256", "sha256="),
};

/** Every Git host that Argo CD knows. */
const words: readonly PushWord[] = [
  github,
  {
    host: "GitLab",
    headers: { "x-gitlab-event": "Push Hook" },
    body: (tenant) => ({
      object_kind: "push",
      ...main,
      project: { web_url: page(tenant), default_branch: "main" },
    }),
    shown: (token) => ({ "x-gitlab-token": token }),
  },
  {
    host: "Gitea or Gogs",
    headers: { "x-gogs-event": "push" },
    body: (tenant) => ({ ...main, repository: { html_url: page(tenant), default_branch: "main" } }),
    shown: signed("x-gogs-signature", ""),
  },
  {
    host: "Bitbucket",
    headers: { "x-hook-uuid": "any", "x-event-key": "repo:push" },
    body: (tenant) => ({
      push: { changes: [{ new: { name: "main" } }] },
      repository: { links: { html: { href: page(tenant) }, self: { href: nowhere } } },
    }),
    shown: (token) => ({ "x-hook-uuid": token }),
  },
  {
    host: "Bitbucket Server",
    headers: { "x-event-key": "repo:refs_changed" },
    body: (tenant) => ({
      changes: [{ ref: { id: "refs/heads/main" } }],
      repository: { links: { clone: [{ name: "ssh", href: `${page(tenant)}.git` }] } },
    }),
    shown: signed("x-hub-signature", "sha256="),
  },
  {
    host: "Azure DevOps",
    headers: { "x-vss-activityid": "any" },
    body: () => ({
      eventType: "git.push",
      resource: {
        refUpdates: [{ name: "refs/heads/main", oldObjectId: commits.before, newObjectId: commits.after }],
        repository: { defaultBranch: "refs/heads/main", remoteUrl: nowhere },
      },
    }),
    shown: (token) => ({ authorization: `Basic ${Buffer.from(`${token}:${token}`).toString("base64")}` }),
  },
];

/**
 * Who Argo CD takes for a Git host. The Git hosts' words are ours, after what Argo CD reads of them.
 *
 * @param given With an Application for each of two tenants, from `git.test/<tenant>.git`.
 */
export function describeWebhooks(given: () => RunningArgocd): void {
  /** What Argo CD answers a Git host, or who pretends to be one. */
  async function say({ headers, body, shown }: PushWord, tenant: string, token?: string): Promise<number> {
    const text = JSON.stringify(body(tenant));
    const { status } = await fetch(`${given().address}/api/webhook`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...headers,
        ...(token !== undefined && shown(token, text)),
      },
      body: text,
    });
    return status;
  }

  /** Whether a tenant's Application was told to be looked at. */
  async function isToldOf(tenant: string): Promise<boolean> {
    const path = `/apis/${argocdApi}/namespaces/${argocdNamespace}/applications/${tenant}`;
    const { body } = await given().plane.must({ method: "GET", path });
    return annotation in ((body["metadata"] as { annotations?: object }).annotations ?? {});
  }

  describe("a push, as Argo CD hears of it", () => {
    for (const word of words)
      it(`isn't believed of who says that it is ${word.host}, without what that host shows`, async () => {
        assert.equal(await say(word, "team-blue"), 400, "with nothing");
        assert.equal(await say(word, "team-blue", "a guess"), 400, "with a guess");
        const other = word === github ? shownTokens.others : shownTokens.own;
        assert.equal(await say(word, "team-blue", other), 400, "with another host's");
      });

    it("has the Application of what was pushed to looked at, by its Git host's word, and none by anybody else's", async () => {
      assert.equal(await say(github, "team-green", shownTokens.own), 200);
      await eventually(async () => {
        assert.equal(await isToldOf("team-green"), true);
      });
      assert.equal(await isToldOf("team-blue"), false);
    });

    for (const word of words.filter((each) => each !== github))
      it(`would be believed of ${word.host} by what nobody is given`, async () => {
        assert.equal(await say(word, "team-blue", shownTokens.others), 200);
      });
  });
}
