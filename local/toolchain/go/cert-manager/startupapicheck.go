package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/cert-manager/cert-manager/pkg/util/cmapichecker"
)

// How often the check asks again.
const betweenChecks = 5 * time.Second

// check waits until the webhook answers: `check api --wait=5m`.
func check(ctx context.Context, arguments []string) error {
	flags := pflag.NewFlagSet("startupapicheck", pflag.ContinueOnError)
	wait := flags.Duration("wait", 0, "how long it waits")
	flags.CountP("verbose", "v", "says more")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	configuration, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	// It may ask in its own namespace only.
	checker, err := cmapichecker.New(configuration, os.Getenv("POD_NAMESPACE"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *wait)
	defer cancel()
	for {
		failure := checker.Check(ctx)
		if failure == nil {
			fmt.Println("The cert-manager API is ready")
			return nil
		}
		fmt.Println("Not ready:", failure)
		select {
		case <-ctx.Done():
			return failure
		case <-time.After(betweenChecks):
		}
	}
}
