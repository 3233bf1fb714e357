package main

import (
	"net"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// ofAddresses matches the connections in which one of these addresses takes part.
type ofAddresses map[string]bool

// MatchConntrackFlow implements netlink's filter.
func (o ofAddresses) MatchConntrackFlow(flow *netlink.ConntrackFlow) bool {
	for _, address := range []net.IP{flow.Forward.SrcIP, flow.Forward.DstIP, flow.Reverse.SrcIP, flow.Reverse.DstIP} {
		if o[address.String()] {
			return true
		}
	}
	return false
}

// forget ends the kernel's memory of all connections of these addresses.
func forget(addresses map[string]bool) error {
	_, err := netlink.ConntrackDeleteFilters(netlink.ConntrackTable, unix.AF_INET, ofAddresses(addresses))
	return err
}
