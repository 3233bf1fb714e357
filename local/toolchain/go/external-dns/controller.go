package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	log "github.com/sirupsen/logrus"

	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/external-dns/plan"
	"sigs.k8s.io/external-dns/provider"
	"sigs.k8s.io/external-dns/registry"
	"sigs.k8s.io/external-dns/source"
)

// How long the first change waits for those that come with it, as upstream has it.
const batching = 5 * time.Second

// controller is upstream's Controller without its metrics and events.
type controller struct {
	cfg      *externaldns.Config
	source   source.Source
	registry registry.Registry
	domains  *endpoint.DomainFilter

	mutex   sync.Mutex
	nextRun time.Time
	lastRun time.Time
}

// once compares the zones' records with what the sources ask for, and applies the difference.
func (c *controller) once(ctx context.Context) error {
	c.mutex.Lock()
	c.lastRun = time.Now()
	c.mutex.Unlock()
	records, err := c.registry.Records(ctx)
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, provider.RecordsContextKey, records)
	wanted, err := c.source.Endpoints(ctx)
	if err != nil {
		return err
	}
	adjusted, err := c.registry.AdjustEndpoints(wanted)
	if err != nil {
		return fmt.Errorf("adjusting endpoints: %w", err)
	}
	calculated := (&plan.Plan{
		Policies:       []plan.Policy{plan.Policies[c.cfg.Policy]},
		Current:        records,
		Desired:        adjusted,
		DomainFilter:   endpoint.MatchAllDomainFilters{c.domains, c.registry.GetDomainFilter()},
		ManagedRecords: c.cfg.ManagedDNSRecordTypes,
		ExcludeRecords: c.cfg.ExcludeDNSRecordTypes,
		OwnerID:        c.registry.OwnerID(),
		OldOwnerID:     c.cfg.TXTOwnerOld,
	}).Calculate()
	if !calculated.Changes.HasChanges() {
		log.Info("All records are already up to date")
		return nil
	}
	return c.registry.ApplyChanges(ctx, calculated.Changes)
}

// schedule has the next run come soon, but not sooner after the last one than is allowed.
func (c *controller) schedule(now time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	soon := now.Add(batching)
	if c.nextRun.Before(soon) {
		soon = c.nextRun
	}
	if earliest := c.lastRun.Add(c.cfg.MinEventSyncInterval); soon.Before(earliest) {
		soon = earliest
	}
	c.nextRun = soon
}

func (c *controller) isDue(now time.Time) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if now.Before(c.nextRun) {
		return false
	}
	c.nextRun = now.Add(c.cfg.Interval)
	return true
}

// run goes on after what its provider calls a soft error, and ends with any other.
func (c *controller) run(ctx context.Context) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	failures := 0
	for {
		if c.isDue(time.Now()) {
			err := c.once(ctx)
			switch {
			case err == nil:
				failures = 0
			case errors.Is(err, provider.SoftError):
				failures++
				log.Errorf("Failed to do run once: %v (consecutive soft errors: %d)", err, failures)
			default:
				return fmt.Errorf("Failed to do run once: %w", err)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			log.Info("Terminating main controller loop")
			return nil
		}
	}
}
