// Package lego would be the client.
package lego

import (
	"context"
	"crypto/x509"
	"net/http"
	"time"

	"github.com/go-acme/lego/v5/acme"
	"github.com/go-acme/lego/v5/certificate"
	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/go-acme/lego/v5/challenge/http01"
	"github.com/go-acme/lego/v5/challenge/tlsalpn01"
	"github.com/go-acme/lego/v5/registration"
)

// DirectoryURLLetsEncrypt is an authority's address.
const DirectoryURLLetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory"

// Config says which authority is asked, and how.
type Config struct {
	CADirURL    string
	UserAgent   string
	HTTPClient  *http.Client
	Certificate CertificateConfig
}

// CertificateConfig says how long.
type CertificateConfig struct {
	Timeout time.Duration
}

// User has an account.
type User interface {
	GetEmail() string
	GetRegistration() *acme.ExtendedAccount
}

// NewConfig is empty.
func NewConfig(User) *Config { return &Config{} }

// Client would ask an authority.
type Client struct {
	Certificate  *certificate.Certifier
	Challenge    *SolverManager
	Registration *Registrar
}

// NewClient fails.
func NewClient(*Config) (*Client, error) { return nil, acme.ErrAbsent }

// CreateCertPool fails.
func CreateCertPool([]string, bool) (*x509.CertPool, error) { return nil, acme.ErrAbsent }

// SolverManager would know what answers challenges.
type SolverManager struct{}

// SetDNS01Provider fails.
func (*SolverManager) SetDNS01Provider(challenge.Provider, ...dns01.ChallengeOption) error {
	return acme.ErrAbsent
}

// SetHTTP01Provider fails.
func (*SolverManager) SetHTTP01Provider(challenge.Provider, ...http01.ChallengeOption) error {
	return acme.ErrAbsent
}

// SetTLSALPN01Provider fails.
func (*SolverManager) SetTLSALPN01Provider(challenge.Provider, ...tlsalpn01.ChallengeOption) error {
	return acme.ErrAbsent
}

// Registrar would make accounts.
type Registrar struct{}

// Register fails.
func (*Registrar) Register(context.Context, registration.RegisterOptions) (*acme.ExtendedAccount, error) {
	return nil, acme.ErrAbsent
}

// RegisterWithExternalAccountBinding fails.
func (*Registrar) RegisterWithExternalAccountBinding(
	context.Context, registration.RegisterEABOptions,
) (*acme.ExtendedAccount, error) {
	return nil, acme.ErrAbsent
}
