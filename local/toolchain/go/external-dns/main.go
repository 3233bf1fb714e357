// Command external-dns is external-dns with the providers that the platform has zones at, and none of the thirty others, which are
// most of what upstream's compiles. Flags, sources, registries, plans and providers are upstream's packages, and so is all that
// they log; the loop is ours and does what its package controller does, which can't be had without the other providers, but for metrics.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	log "github.com/sirupsen/logrus"
	"k8s.io/klog/v2"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"

	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns/validation"
	"sigs.k8s.io/external-dns/provider"
	"sigs.k8s.io/external-dns/provider/aws"
	"sigs.k8s.io/external-dns/provider/azure"
	"sigs.k8s.io/external-dns/registry/factory"
	"sigs.k8s.io/external-dns/source"
	"sigs.k8s.io/external-dns/source/annotations"
	"sigs.k8s.io/external-dns/source/wrappers"
)

func main() {
	cfg := externaldns.NewConfig()
	if err := cfg.ParseFlags(os.Args[1:]); err != nil {
		log.Fatalf("flag parsing error: %v", err)
	}
	log.Infof("config: %s", cfg)
	if err := validation.ValidateConfig(cfg); err != nil {
		log.Fatalf("config validation failed: %v", err)
	}
	annotations.SetAnnotationPrefix(cfg.AnnotationPrefix)
	configureLogger(cfg)
	log.Info(externaldns.Banner())

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go serveHealth(cfg.MetricsAddress)
	if err := run(ctx, cfg); err != nil {
		log.Fatal(err)
	}
}

// run keeps the records until it is told to end, or fails.
func run(ctx context.Context, cfg *externaldns.Config) error {
	sourceConfig, err := source.NewSourceConfig(cfg)
	if err != nil {
		return err
	}
	endpoints, err := wrappers.Build(ctx, sourceConfig)
	if err != nil {
		return err
	}
	domains := endpoint.NewDomainFilterWithOptions(
		endpoint.WithDomainFilter(cfg.DomainFilter),
		endpoint.WithDomainExclude(cfg.DomainExclude),
		endpoint.WithRegexDomainFilter(cfg.RegexDomainFilter),
		endpoint.WithRegexDomainExclude(cfg.RegexDomainExclude),
	)
	chosen, err := providerFrom(ctx, cfg, domains)
	if err != nil {
		return err
	}
	registry, err := factory.Select(cfg, chosen)
	if err != nil {
		return err
	}
	kept := controller{cfg: cfg, source: endpoints, registry: registry, domains: domains}
	if cfg.Once {
		return kept.once(ctx)
	}
	if cfg.UpdateEvents {
		endpoints.AddEventHandler(ctx, func() { kept.schedule(time.Now()) })
	}
	kept.schedule(time.Now())
	return kept.run(ctx)
}

func providerFrom(ctx context.Context, cfg *externaldns.Config, domains *endpoint.DomainFilter) (provider.Provider, error) {
	switch cfg.Provider {
	case externaldns.ProviderAWS:
		return aws.New(ctx, cfg, domains)
	case externaldns.ProviderAzure, externaldns.ProviderAzureDNS:
		return azure.New(ctx, cfg, domains)
	default:
		return nil, fmt.Errorf("provider %q: expected aws or azure, the only ones that this was built with", cfg.Provider)
	}
}

func configureLogger(cfg *externaldns.Config) {
	if cfg.LogFormat == "json" {
		log.SetFormatter(&log.JSONFormatter{})
	}
	level, err := log.ParseLevel(cfg.LogLevel)
	if err != nil {
		log.Fatalf("failed to parse log level: %v", err)
	}
	log.SetLevel(level)
	if level < log.DebugLevel {
		klog.SetLogger(logr.Discard())
	}
	crlog.SetLogger(logr.Discard())
}

func serveHealth(address string) {
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("OK"))
	})
	log.Fatal(http.ListenAndServe(address, nil))
}
