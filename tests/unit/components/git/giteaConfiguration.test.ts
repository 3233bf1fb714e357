import { strict as assert } from "node:assert";

import { giteaConfiguration } from "../../../../components/git/giteaConfiguration";
import { iniSettings } from "../../../support/iniSettings";

const args = {
  rootUrl: "http://10.0.0.2:30080/",
  domain: "10.0.0.2",
  sshPort: 30022,
  httpListenPort: 3000,
  sshListenPort: 2222,
  layout: {},
};

/** What a setting has to be, and what goes wrong else. */
const decisive: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "lets nobody set it up anew": { "security.INSTALL_LOCK": "true" },
  "lets nobody register": {
    "service.DISABLE_REGISTRATION": "true",
    "openid.ENABLE_OPENID_SIGNIN": "false",
    "openid.ENABLE_OPENID_SIGNUP": "false",
    "oauth2_client.ENABLE_AUTO_REGISTRATION": "false",
  },
  "shows nothing to whoever isn't signed in": {
    "service.REQUIRE_SIGNIN_VIEW": "true",
    "server.LANDING_PAGE": "login",
    "api.ENABLE_SWAGGER": "false",
  },
  "makes every repository private": {
    "repository.FORCE_PRIVATE": "true",
    "repository.DEFAULT_PRIVATE": "private",
  },
  "lets nobody make organisations by default": { "service.DEFAULT_ALLOW_CREATE_ORGANIZATION": "false" },
  "runs no program that somebody pushed": {
    "security.DISABLE_GIT_HOOKS": "true",
    "git.config.core.hooksPath": "/tmp/hooks",
    "actions.ENABLED": "false",
  },
  "fetches nothing from elsewhere": {
    "repository.DISABLE_MIGRATIONS": "true",
    "mirror.ENABLED": "false",
    "server.OFFLINE_MODE": "true",
    "federation.ENABLED": "false",
    "cron.update_checker.ENABLED": "false",
  },
  "calls nobody by webhook but Flux": {
    "webhook.ALLOWED_HOST_LIST": "webhook-receiver.flux-system.svc.cluster.local",
  },
  "doesn't wait long for whom it calls": { "webhook.DELIVER_TIMEOUT": "5" },
  "sends no mail": { "mailer.ENABLED": "false" },
  "serves no packages and no large files": {
    "packages.ENABLED": "false",
    "server.LFS_START_SERVER": "false",
  },
  "gives out no tokens for others": { "oauth2.ENABLED": "false" },
  "keeps its secrets beside the database that they encrypt, and not in here": {
    "security.SECRET_KEY_URI": "file:/var/lib/gitea/secret_key",
    "security.INTERNAL_TOKEN_URI": "file:/var/lib/gitea/internal_token",
    "oauth2.JWT_SECRET_URI": "file:/var/lib/gitea/jwt_secret",
  },
  "has the host key that Flux knows": {
    "server.START_SSH_SERVER": "true",
    "server.SSH_SERVER_HOST_KEYS": "/etc/terp/ssh_host_ed25519",
  },
  "keeps what must survive below its data folder": {
    WORK_PATH: "/var/lib/gitea",
    "database.PATH": "/var/lib/gitea/data/gitea.db",
    "repository.ROOT": "/var/lib/gitea/repositories",
    "server.APP_DATA_PATH": "/var/lib/gitea/data",
    "git.HOME_PATH": "/var/lib/gitea/home",
  },
  "lets requests that write wait for each other": {
    "database.SQLITE_TIMEOUT": "20000",
    "database.SQLITE_JOURNAL_MODE": "WAL",
  },
  "calls the branch that is applied main": { "repository.DEFAULT_BRANCH": "main" },
  "is in production, and says little": { RUN_MODE: "prod", "log.LEVEL": "Warn", "log.MODE": "console" },
};

describe("Gitea's configuration", () => {
  const found = iniSettings(giteaConfiguration(args));

  for (const [what, expected] of Object.entries(decisive)) {
    it(what, () => {
      const given = Object.fromEntries(Object.keys(expected).map((name) => [name, found.get(name)]));
      assert.deepEqual(given, expected);
    });
  }

  it("has the addresses and ports by which it is reached", () => {
    assert.deepEqual(
      ["ROOT_URL", "DOMAIN", "SSH_DOMAIN", "SSH_PORT", "HTTP_PORT", "SSH_LISTEN_PORT"].map((key) =>
        found.get(`server.${key}`),
      ),
      ["http://10.0.0.2:30080/", "10.0.0.2", "10.0.0.2", "30022", "3000", "2222"],
    );
  });

  it("has no secret in it", () => {
    const secrets = [...found.keys()].filter((name) => /(SECRET|TOKEN|PASSWD|PASSWORD|KEY)$/.test(name));
    assert.deepEqual(secrets, []);
  });

  it("runs none of its tasks at the start", () => {
    const tasks = [...found].filter(([name]) => name.startsWith("cron."));
    assert.ok(tasks.length > 10);
    assert.deepEqual(
      tasks.filter(([, value]) => value !== "false"),
      [],
    );
  });

  it("finds templates where the publisher's image has them, or where it is told", () => {
    assert.equal(found.get("server.STATIC_ROOT_PATH"), "/app/gitea");
    const own = iniSettings(giteaConfiguration({ ...args, layout: { staticRoot: "/usr/share/gitea" } }));
    assert.equal(own.get("server.STATIC_ROOT_PATH"), "/usr/share/gitea");
  });
});
