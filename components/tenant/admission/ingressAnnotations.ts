/** What a tenant may tell an ingress controller by annotations. */

/** Beginnings of annotations that ingress controllers read: of these, only what is listed below is admitted. */
export const controllerPrefixes: readonly string[] = [
  "nginx.ingress.kubernetes.io/",
  "traefik.ingress.kubernetes.io/",
  "appgw.ingress.kubernetes.io/",
  "alb.ingress.kubernetes.io/",
  "ingress.kubernetes.io/",
  "haproxy.org/",
  "haproxy-ingress.github.io/",
  "ingress.haproxy.org/",
  "nginx.org/",
  "nginx.com/",
  "konghq.com/",
  "projectcontour.io/",
  "ingress.cilium.io/",
];

const nginx = [
  "affinity",
  "affinity-mode",
  "allowlist-source-range",
  "app-root",
  "auth-realm",
  // Of the Ingress's own namespace only: a rule of its own.
  "auth-secret",
  "auth-secret-type",
  "auth-type",
  "backend-protocol",
  "canary",
  "canary-by-cookie",
  "canary-by-header",
  "canary-by-header-pattern",
  "canary-by-header-value",
  "canary-weight",
  "canary-weight-total",
  "client-body-buffer-size",
  "cors-allow-credentials",
  "cors-allow-headers",
  "cors-allow-methods",
  "cors-allow-origin",
  "cors-expose-headers",
  "cors-max-age",
  "denylist-source-range",
  "enable-access-log",
  "enable-cors",
  "force-ssl-redirect",
  "limit-burst-multiplier",
  "limit-connections",
  "limit-rate",
  "limit-rate-after",
  "limit-rpm",
  "limit-rps",
  "permanent-redirect",
  "permanent-redirect-code",
  "preserve-trailing-slash",
  "proxy-body-size",
  "proxy-buffer-size",
  "proxy-buffering",
  "proxy-buffers-number",
  "proxy-busy-buffers-size",
  "proxy-connect-timeout",
  "proxy-http-version",
  "proxy-next-upstream",
  "proxy-next-upstream-timeout",
  "proxy-next-upstream-tries",
  "proxy-read-timeout",
  "proxy-request-buffering",
  "proxy-send-timeout",
  "rewrite-target",
  "service-upstream",
  "session-cookie-change-on-failure",
  "session-cookie-conditional-samesite-none",
  "session-cookie-expires",
  "session-cookie-max-age",
  "session-cookie-name",
  "session-cookie-path",
  "session-cookie-samesite",
  "session-cookie-secure",
  "ssl-redirect",
  "temporal-redirect",
  "temporal-redirect-code",
  "use-regex",
  "whitelist-source-range",
];

const traefik = [
  "router.tls",
  "service.passhostheader",
  "service.serversscheme",
  "service.sticky.cookie",
  "service.sticky.cookie.httponly",
  "service.sticky.cookie.maxage",
  "service.sticky.cookie.name",
  "service.sticky.cookie.path",
  "service.sticky.cookie.samesite",
  "service.sticky.cookie.secure",
];

/**
 * Annotations that reach no further than the Ingress's own hosts and Services. What isn't here could inject configuration
 * (snippets), take other hosts (`server-alias`, `from-to-www-redirect`, `router.middlewares` of others), let the controller
 * call any address (`auth-url`, `mirror-target`), or read other namespaces (`auth-tls-secret`, `custom-headers`).
 *
 * Names of https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations and
 * https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress.
 */
export const admittedAnnotations: readonly string[] = [
  ...nginx.map((name) => `nginx.ingress.kubernetes.io/${name}`),
  ...traefik.map((name) => `traefik.ingress.kubernetes.io/${name}`),
];

/** The annotation that names a Secret, which nginx also takes from another namespace: `namespace/name`. */
export const authSecret = "nginx.ingress.kubernetes.io/auth-secret";
