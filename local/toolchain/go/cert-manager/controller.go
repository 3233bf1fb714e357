package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"

	"github.com/cert-manager/cert-manager/pkg/controller"
	_ "github.com/cert-manager/cert-manager/pkg/controller/acmechallenges"
	_ "github.com/cert-manager/cert-manager/pkg/controller/acmeorders"
	gateways "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/gateways"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/acme"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/metrics"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	"github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	"github.com/cert-manager/cert-manager/pkg/healthz"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/acme"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

// Where upstream's controller listens, how many of one controller's objects it works on at a time, and how long a leader
// may be silent: internal/apis/config of its module.
const (
	healthAddress  = "0.0.0.0:9403"
	metricsAddress = "0.0.0.0:9402"
	workers        = 5
	leaseDuration  = 60 * time.Second
	renewDeadline  = 40 * time.Second
	retryPeriod    = 15 * time.Second
	leaderTimeout  = 20 * time.Second
)

// control makes issuers ready and has certificates issued, while it is the leader.
func control(ctx context.Context, arguments []string) error {
	flags, err := controllerFlagsFrom(arguments)
	if err != nil {
		return err
	}
	factory, err := controller.NewContextFactory(ctx, flags.options)
	if err != nil {
		return err
	}
	base, err := factory.Build()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	metrics, err := net.Listen("tcp", metricsAddress)
	if err != nil {
		return err
	}
	group.Go(func() error { return base.Metrics.NewServer(metrics).Serve(metrics) })
	health := healthz.NewServer(leaderTimeout)
	listener, err := net.Listen("tcp", healthAddress)
	if err != nil {
		return err
	}
	group.Go(func() error { return health.Start(ctx, listener) })
	group.Go(func() error {
		return lead(ctx, base, flags.leaderNamespace, health, func(ctx context.Context) error {
			return startControllers(ctx, group, factory, base)
		})
	})
	return group.Wait()
}

// startControllers begins with what each has registered to be told of; who isn't used here isn't started.
func startControllers(ctx context.Context, group *errgroup.Group, factory *controller.ContextFactory, base *controller.Context) error {
	for name, construct := range controller.Known() {
		if name == gateways.ControllerName && !base.EnableGatewayAPI {
			continue
		}
		if name == clusterissuers.ControllerName && base.Namespace != "" {
			continue
		}
		made, err := construct(factory)
		if err != nil {
			return fmt.Errorf("controller %s: %w", name, err)
		}
		group.Go(func() error { return made.Run(workers, ctx) })
	}
	base.SharedInformerFactory.Start(ctx.Done())
	base.KubeSharedInformerFactory.Start(ctx.Done())
	base.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	if base.EnableGatewayAPI {
		base.GWShared.Start(ctx.Done())
	}
	return nil
}

// lead waits until this process is the leader, works, and returns when it isn't any more.
func lead(ctx context.Context, base *controller.Context, namespace string, health *healthz.Server, work func(context.Context) error) error {
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, "cert-manager-controller",
		base.Client.CoreV1(), base.Client.CoordinationV1(),
		resourcelock.ResourceLockConfig{Identity: host + "-external-cert-manager-controller", EventRecorder: base.Recorder})
	if err != nil {
		return err
	}
	var failed error
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock:            lock,
		LeaseDuration:   leaseDuration,
		RenewDeadline:   renewDeadline,
		RetryPeriod:     retryPeriod,
		ReleaseOnCancel: true,
		WatchDog:        health.LeaderHealthzAdaptor,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				if failed = work(ctx); failed != nil {
					stop()
				}
			},
			OnStoppedLeading: func() {},
		},
	})
	if failed != nil {
		return failed
	}
	return fmt.Errorf("no longer the leader")
}
