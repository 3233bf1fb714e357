// Package acme is in the place of lego's, which is a client for certificate authorities with some 180 DNS providers. The
// Gateway's certificates come from Secrets, so that this build of Traefik has none of it: what Traefik's packages name is
// here, and whatever would ask an authority says that it can't.
package acme

import "errors"

// ErrAbsent says that a certificate resolver was configured in a build that has none.
var ErrAbsent = errors.New("this build of Traefik has no ACME client: give its listeners certificates in Secrets")

// Account is an account at a certificate authority.
type Account struct{}

// ExtendedAccount is an Account with its address.
type ExtendedAccount struct {
	Account
	Location string
}
