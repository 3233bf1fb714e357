// Package http01 would answer challenges by HTTP.
package http01

import "time"

// PathPrefix is the path that authorities ask for (RFC 8555, 8.3).
const PathPrefix = "/.well-known/acme-challenge/"

// ChallengeOption would say how.
type ChallengeOption struct{}

// SetDelay does nothing.
func SetDelay(time.Duration) ChallengeOption { return ChallengeOption{} }
