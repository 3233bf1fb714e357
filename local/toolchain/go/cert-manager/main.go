// Command cert-manager is cert-manager's programs in one: its first argument says which. Upstream keeps their main packages in
// modules of their own, which the public proxy doesn't serve. These take the flags that its chart gives, and leave the work to
// its packages; what they have no part of are issuers by Vault and Venafi.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	ctrl "sigs.k8s.io/controller-runtime"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

var programs = map[string]func(ctx context.Context, arguments []string) error{
	"acmesolver":      solve,
	"cainjector":      inject,
	"controller":      control,
	"startupapicheck": check,
	"webhook":         admit,
}

func main() {
	name := ""
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	run, known := programs[name]
	if !known {
		fmt.Fprintf(os.Stderr, "program %q: expected acmesolver, cainjector, controller, startupapicheck or webhook\n", name)
		os.Exit(2)
	}
	logf.InitLogs()
	ctrl.SetLogger(logf.Log)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx = logf.NewContext(ctx, logf.Log, name)
	if err := run(ctx, os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
