import type { Webhook } from "./host";

/** A webhook as Gitea lists it; its secret is never shown. */
export interface HookAnswer {
  readonly id: number;
  readonly active: boolean;
  readonly config: { readonly url: string };
}

/** Which of a repository's webhooks go, and whether the wanted one has to be made. */
export function hooksToChange(
  existing: readonly HookAnswer[],
  { url }: Webhook,
): { readonly withdrawn: readonly number[]; readonly isMissing: boolean } {
  const { host } = new URL(url);
  const ours = existing.filter(({ config }) => URL.canParse(config.url) && new URL(config.url).host === host);
  // The address holds a digest of the token, so one of the same address has the same token.
  const kept = ours.find(({ config, active }) => config.url === url && active);
  return {
    withdrawn: ours.filter((hook) => hook !== kept).map(({ id }) => id),
    isMissing: kept === undefined,
  };
}

/** What Gitea is asked to make. */
export function hookRequest({ url, token }: Webhook): object {
  return {
    type: "gitea",
    active: true,
    events: ["push"],
    branch_filter: "*",
    config: { url, content_type: "json", secret: token },
  };
}
