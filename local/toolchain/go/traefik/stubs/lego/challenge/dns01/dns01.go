// Package dns01 would answer challenges by DNS.
package dns01

import (
	"strings"
	"time"
)

// Options, Client and ChallengeOption would say how DNS is asked.
type (
	Options         struct{ RecursiveNameservers []string }
	Client          struct{}
	ChallengeOption struct{}
)

// NewClient and SetDefaultClient do nothing.
func NewClient(*Options) *Client { return nil }
func SetDefaultClient(*Client)   {}

// CondOptions and those that it chooses among do nothing.
func CondOptions(bool, ...ChallengeOption) ChallengeOption               { return ChallengeOption{} }
func DisableAuthoritativeNssPropagationRequirement() ChallengeOption     { return ChallengeOption{} }
func DisableRecursiveNSsPropagationRequirement() ChallengeOption         { return ChallengeOption{} }
func PropagationWait(wait time.Duration, skipCheck bool) ChallengeOption { return ChallengeOption{} }

// UnFqdn takes the last dot off a name.
func UnFqdn(name string) string { return strings.TrimSuffix(name, ".") }
