package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/cert-manager/cert-manager/pkg/issuer/acme/http/solver"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

// solve answers one HTTP01 challenge.
func solve(ctx context.Context, arguments []string) error {
	var answer solver.HTTP01Solver
	flags := pflag.NewFlagSet("acmesolver", pflag.ContinueOnError)
	flags.IntVar(&answer.ListenPort, "listen-port", 8089, "where it listens")
	flags.StringVar(&answer.Domain, "domain", "", "the host that is to be shown as ours")
	flags.StringVar(&answer.Token, "token", "", "what is asked for")
	flags.StringVar(&answer.Key, "key", "", "what it answers")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = answer.Close() })
	return answer.Listen(logf.FromContext(ctx))
}
