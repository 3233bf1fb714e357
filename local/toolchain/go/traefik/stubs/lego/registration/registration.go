// Package registration would make accounts.
package registration

// RegisterOptions asks for an account.
type RegisterOptions struct {
	TermsOfServiceAgreed bool
}

// RegisterEABOptions asks for one that is bound to another.
type RegisterEABOptions struct {
	TermsOfServiceAgreed bool
	Kid                  string
	HmacEncoded          string
}
