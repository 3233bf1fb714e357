// Package tlsalpn01 would answer challenges in a TLS handshake.
package tlsalpn01

import (
	"time"

	"github.com/go-acme/lego/v5/acme"
)

// ACMETLS1Protocol is the protocol by which authorities ask (RFC 8737, 6.2). Traefik keeps such handshakes apart.
const ACMETLS1Protocol = "acme-tls/1"

// ChallengeOption would say how.
type ChallengeOption struct{}

// SetDelay does nothing.
func SetDelay(time.Duration) ChallengeOption { return ChallengeOption{} }

// ChallengeBlocks fails.
func ChallengeBlocks(domain, keyAuth string) ([]byte, []byte, error) { return nil, nil, acme.ErrAbsent }
