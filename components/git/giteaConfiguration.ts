import { fluxNamespace, webhookService } from "../flux/names";

/** Where things lie in Gitea's container. */
export const giteaPaths = {
  /** What outlives the cluster: database, repositories, and the secrets that encrypt the database's. */
  data: "/var/lib/gitea",
  /** The mounted Secret: configuration, start script, password, host key. */
  settings: "/etc/terp",
  /** Written at run time and lost with the container. */
  temporary: "/tmp",
  /** What Git runs at a push, for all repositories. */
  hooks: "/tmp/hooks",
} as const;

/** Where the image has Gitea. */
export interface GiteaImageLayout {
  /** @default "/app/gitea/gitea" */
  readonly binary?: string;
  /**
   * Folder with `templates`, `options` and `public`, for a Gitea that doesn't hold them in itself; one that does
   * looks there first and needs nothing there.
   *
   * @default "/app/gitea"
   */
  readonly staticRoot?: string;
}

/** As the publisher's rootless image has it. */
export const defaultLayout = { binary: "/app/gitea/gitea", staticRoot: "/app/gitea" } as const;

export interface GiteaConfigurationArgs {
  /** Address by which people and the platform reach it, e.g. `http://10.0.0.2:30080/`. */
  readonly rootUrl: string;
  /** Host part of that. */
  readonly domain: string;
  /** Port of SSH as those outside the cluster see it. */
  readonly sshPort: number;
  /** Ports that the container listens on. */
  readonly httpListenPort: number;
  readonly sshListenPort: number;
  readonly layout: GiteaImageLayout;
}

/** Tasks that Gitea would run by itself: mirrors, packages, actions and clean-ups that nobody here has a use for. */
const unwantedTasks = [
  "archive_cleanup",
  "update_mirrors",
  "repo_health_check",
  "check_repo_stats",
  "update_migration_poster_id",
  "sync_external_users",
  "cleanup_actions",
  "deleted_branches_cleanup",
  "cleanup_hook_task_table",
  "cleanup_packages",
  "update_checker",
  "stop_zombie_tasks",
  "stop_endless_tasks",
  "cancel_abandoned_jobs",
  "start_schedule_tasks",
];

/**
 * Gitea's `app.ini`: a private host for people and Flux, with nothing on that isn't used, and without secrets of its own:
 * those lie in the data folder, beside the database that they encrypt.
 */
export function giteaConfiguration(args: GiteaConfigurationArgs): string {
  const sections: Record<string, Record<string, string | number | boolean>> = {
    "": { APP_NAME: "Terp", RUN_USER: "git", RUN_MODE: "prod", WORK_PATH: giteaPaths.data },
    server: {
      PROTOCOL: "http",
      HTTP_PORT: args.httpListenPort,
      LOCAL_ROOT_URL: `http://127.0.0.1:${String(args.httpListenPort)}/`,
      ROOT_URL: args.rootUrl,
      DOMAIN: args.domain,
      APP_DATA_PATH: `${giteaPaths.data}/data`,
      STATIC_ROOT_PATH: args.layout.staticRoot ?? defaultLayout.staticRoot,
      OFFLINE_MODE: true,
      LANDING_PAGE: "login",
      LFS_START_SERVER: false,
      START_SSH_SERVER: true,
      SSH_DOMAIN: args.domain,
      SSH_PORT: args.sshPort,
      SSH_LISTEN_PORT: args.sshListenPort,
      BUILTIN_SSH_SERVER_USER: "git",
      SSH_SERVER_HOST_KEYS: `${giteaPaths.settings}/ssh_host_ed25519`,
      SSH_CREATE_AUTHORIZED_KEYS_FILE: false,
    },
    database: {
      DB_TYPE: "sqlite3",
      PATH: `${giteaPaths.data}/data/gitea.db`,
      SQLITE_JOURNAL_MODE: "WAL",
      // Requests that write wait for each other rather than fail.
      SQLITE_TIMEOUT: 20000,
    },
    security: {
      INSTALL_LOCK: true,
      SECRET_KEY_URI: `file:${giteaPaths.data}/secret_key`,
      INTERNAL_TOKEN_URI: `file:${giteaPaths.data}/internal_token`,
      DISABLE_GIT_HOOKS: true,
      PASSWORD_COMPLEXITY: "off",
      // Hashed at each request. Every account has 40 random characters, which need no slow hash.
      PASSWORD_HASH_ALGO: "pbkdf2$1000$50",
    },
    service: {
      DISABLE_REGISTRATION: true,
      REQUIRE_SIGNIN_VIEW: true,
      DEFAULT_ALLOW_CREATE_ORGANIZATION: false,
      DEFAULT_KEEP_EMAIL_PRIVATE: true,
      ENABLE_PASSKEY_AUTHENTICATION: false,
    },
    // So that those stay what every password is.
    admin: { USER_DISABLED_FEATURES: "manage_credentials,deletion,change_username" },
    openid: { ENABLE_OPENID_SIGNIN: false, ENABLE_OPENID_SIGNUP: false },
    // It insists on this secret though it is off.
    oauth2: { ENABLED: false, JWT_SECRET_URI: `file:${giteaPaths.data}/jwt_secret` },
    oauth2_client: { ENABLE_AUTO_REGISTRATION: false },
    repository: {
      ROOT: `${giteaPaths.data}/repositories`,
      DEFAULT_BRANCH: "main",
      DEFAULT_PRIVATE: "private",
      FORCE_PRIVATE: true,
      DISABLE_MIGRATIONS: true,
      DISABLE_STARS: true,
      // People may have no repositories of their own, and forks would be.
      ALLOW_FORK_WITHOUT_MAXIMUM_LIMIT: false,
      DISABLED_REPO_UNITS: "repo.packages,repo.actions,repo.projects,repo.wiki,repo.releases",
      DEFAULT_REPO_UNITS: "repo.code,repo.pulls,repo.issues",
    },
    "repository.signing": {
      DEFAULT_TRUST_MODEL: "committer",
      INITIAL_COMMIT: "never",
      CRUD_ACTIONS: "never",
      MERGES: "never",
    },
    // To where a webhook may send: none but Flux.
    webhook: {
      ALLOWED_HOST_LIST: `${webhookService}.${fluxNamespace}.svc.cluster.local`,
      DELIVER_TIMEOUT: 5,
    },
    session: { PROVIDER: "memory", COOKIE_NAME: "terp_git" },
    cache: { ADAPTER: "memory" },
    "cache.last_commit": { ENABLED: false },
    queue: { TYPE: "channel", MAX_WORKERS: 2 },
    indexer: { ISSUE_INDEXER_TYPE: "db", REPO_INDEXER_ENABLED: false },
    cron: { ENABLED: false },
    ...Object.fromEntries(
      unwantedTasks.map((task) => [`cron.${task}`, { ENABLED: false, RUN_AT_START: false }]),
    ),
    actions: { ENABLED: false },
    packages: { ENABLED: false },
    mirror: { ENABLED: false },
    federation: { ENABLED: false },
    api: { ENABLE_SWAGGER: false },
    git: { HOME_PATH: `${giteaPaths.data}/home` },
    "git.config": { "core.hooksPath": giteaPaths.hooks },
    log: { MODE: "console", LEVEL: "Warn", ROOT_PATH: `${giteaPaths.temporary}/log` },
    mailer: { ENABLED: false },
  };
  return Object.entries(sections)
    .map(
      ([section, values]) =>
        (section === "" ? "" : `[${section}]\n`) +
        Object.entries(values)
          .map(([key, value]) => `${key} = ${String(value)}\n`)
          .join(""),
    )
    .join("\n");
}
