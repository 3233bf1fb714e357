// Package auth is in the place of a fork of Traefik's that can't be had, which its middlewares for logins of HTTP use. The
// Gateway API has none, so that nothing here lets anybody in.
package auth

import "net/http"

// SecretProvider knows a user's secret.
type SecretProvider func(user, realm string) string

// BasicAuth would check a name and a password.
type BasicAuth struct {
	Realm   string
	Secrets SecretProvider
}

// RequireAuth refuses.
func (*BasicAuth) RequireAuth(w http.ResponseWriter, _ *http.Request) { refuse(w) }

// CheckSecret says that no password is right.
func CheckSecret(password, secret string) bool { return false }

// DigestAuth would check a digest.
type DigestAuth struct{}

// NewDigestAuthenticator makes one that lets nobody in.
func NewDigestAuthenticator(string, SecretProvider) *DigestAuth { return &DigestAuth{} }

// CheckAuth finds nobody.
func (*DigestAuth) CheckAuth(*http.Request) (username string, info *string) { return "", nil }

// RequireAuth refuses.
func (*DigestAuth) RequireAuth(w http.ResponseWriter, _ *http.Request) { refuse(w) }

// RequireAuthStale refuses.
func (*DigestAuth) RequireAuthStale(w http.ResponseWriter, _ *http.Request) { refuse(w) }

// DigestAuthParams finds nothing.
func DigestAuthParams(string) map[string]string { return nil }

func refuse(w http.ResponseWriter) {
	http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
}
