// Package certificate would obtain certificates.
package certificate

import (
	"context"

	"github.com/go-acme/lego/v5/acme"
	"github.com/go-acme/lego/v5/certcrypto"
)

// Resource is a certificate with its key.
type Resource struct {
	ID          string
	Domains     []string
	PrivateKey  []byte
	Certificate []byte
}

// ObtainRequest asks for a certificate.
type ObtainRequest struct {
	Domains          []string
	EmailAddresses   []string
	Profile          string
	PreferredChain   string
	KeyType          certcrypto.KeyType
	Bundle           bool
	EnableCommonName bool
}

// RenewOptions asks for a later one.
type RenewOptions struct {
	EmailAddresses   []string
	Profile          string
	PreferredChain   string
	Bundle           bool
	EnableCommonName bool
}

// Certifier would ask an authority.
type Certifier struct{}

// Obtain fails.
func (*Certifier) Obtain(context.Context, ObtainRequest) (*Resource, error) {
	return nil, acme.ErrAbsent
}

// Renew fails.
func (*Certifier) Renew(context.Context, Resource, *RenewOptions) (*Resource, error) {
	return nil, acme.ErrAbsent
}
