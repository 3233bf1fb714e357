// netpol is the network policy agent of an embedded node, and three small programs beside it:
//
//	netpol agent  keeps networking.k8s.io/v1 NetworkPolicies in force for the node's pods, by one nftables table
//	netpol deny   installs that table without any pod: nothing gets through until the agent runs
//	netpol proxy  a forward proxy in the host's network, through which the node pulls images
//
// Called as a CNI plugin (with CNI_COMMAND in its environment) it tells the agent the address of a new pod, and returns
// when the pod's policies are in force.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
)

func main() {
	if command := os.Getenv("CNI_COMMAND"); command != "" {
		os.Exit(cni(command, os.Stdin, os.Stdout))
	}
	if len(os.Args) < 2 {
		usage()
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	switch os.Args[1] {
	case "agent":
		network := networkFlags(flags)
		kubeconfig := flags.String("kubeconfig", "", "how to reach the API server")
		node := flags.String("node", "", "this node's name")
		socket := flags.String("socket", "", "where CNI calls and health checks are answered")
		parse(flags)
		log.Fatal(runAgent(*kubeconfig, *node, *socket, *network))
	case "deny":
		network := networkFlags(flags)
		parse(flags)
		if err := apply(render(&world{network: *network})); err != nil {
			log.Fatal(err)
		}
	case "proxy":
		listen := flags.String("listen", "", "address and port")
		from := flags.String("from", "", "the only client's address")
		var allow list
		flags.Var(&allow, "allow", "host:port that may be on this machine; can be repeated")
		parse(flags)
		log.Fatal(runProxy(*listen, *from, allow))
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: netpol agent|deny|proxy FLAGS")
	os.Exit(2)
}

func parse(flags *flag.FlagSet) {
	// The flag set ends the program at a fault.
	_ = flags.Parse(os.Args[2:])
}

type list []string

func (l *list) String() string { return fmt.Sprint(*l) }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func networkFlags(flags *flag.FlagSet) *network {
	n := &network{}
	flags.StringVar(&n.nodeAddress, "node-address", "", "the node's end of the link to the host")
	flags.StringVar(&n.hostAddress, "host-address", "", "the host's end of that link")
	flags.IntVar(&n.apiPort, "api-port", 6443, "where the API server listens at the node's address")
	flags.StringVar(&n.podCIDR, "pod-cidr", "", "the pods' addresses")
	flags.StringVar(&n.uplink, "uplink", "eth0", "the interface of the link to the host")
	return n
}
