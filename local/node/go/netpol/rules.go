package main

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"os/exec"
	"sort"
	"strings"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// network is what stays the same while a node runs.
type network struct {
	nodeAddress, hostAddress, podCIDR, uplink string
	apiPort                                   int
}

// endpoint is a pod that has an address.
type endpoint struct {
	pod     *corev1.Pod
	address string
}

// world is everything the rules follow from.
type world struct {
	network    network
	endpoints  []endpoint
	namespaces map[string]*corev1.Namespace
	policies   []*netv1.NetworkPolicy
	// parsed has the policies' selectors: parsing one for each pod that it is held against would be most of the work.
	parsed map[*metav1.LabelSelector]labels.Selector
}

const table = "terp"

// selector gives a policy's selector, parsed; one that can't be parsed selects nothing.
func (w *world) selector(s *metav1.LabelSelector) labels.Selector {
	if known, ok := w.parsed[s]; ok {
		return known
	}
	parsed, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		parsed = labels.Nothing()
	}
	if w.parsed == nil {
		w.parsed = map[*metav1.LabelSelector]labels.Selector{}
	}
	w.parsed[s] = parsed
	return parsed
}

// selected gives the pods that a peer without an address block stands for.
func (w *world) selected(namespace string, peer netv1.NetworkPolicyPeer) (found []endpoint) {
	for _, e := range w.endpoints {
		if peer.NamespaceSelector == nil {
			if e.pod.Namespace != namespace {
				continue
			}
		} else if n := w.namespaces[e.pod.Namespace]; n == nil || !w.selector(peer.NamespaceSelector).Matches(labels.Set(n.Labels)) {
			continue
		}
		if peer.PodSelector != nil && !w.selector(peer.PodSelector).Matches(labels.Set(e.pod.Labels)) {
			continue
		}
		found = append(found, e)
	}
	return found
}

// block gives the matches of an address block; field is what is compared, as "ip daddr". False if it isn't IPv4.
func block(field string, b *netv1.IPBlock) (string, bool) {
	prefix, err := netip.ParsePrefix(b.CIDR)
	if err != nil || !prefix.Addr().Is4() {
		return "", false
	}
	match := field + " " + prefix.Masked().String() + " "
	for _, except := range b.Except {
		excluded, err := netip.ParsePrefix(except)
		if err != nil || !excluded.Addr().Is4() {
			continue
		}
		match += field + " != " + excluded.Masked().String() + " "
	}
	return match, true
}

// peers gives the matches of a rule's peers, and the pods among them. Without peers, every address matches.
func (w *world) peers(namespace string, peers []netv1.NetworkPolicyPeer, field string) (matches []string, pods []endpoint) {
	if len(peers) == 0 {
		return []string{""}, w.endpoints
	}
	addresses := map[string]bool{}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			if match, ok := block(field, peer.IPBlock); ok {
				matches = append(matches, match)
			}
			continue
		}
		for _, e := range w.selected(namespace, peer) {
			if !addresses[e.address] {
				addresses[e.address] = true
				pods = append(pods, e)
			}
		}
	}
	if len(addresses) > 0 {
		matches = append(matches, field+" "+setOf(keys(addresses))+" ")
	}
	return matches, pods
}

// keys gives a set's members in order.
func keys(set map[string]bool) []string {
	sorted := make([]string, 0, len(set))
	for member := range set {
		sorted = append(sorted, member)
	}
	sort.Strings(sorted)
	return sorted
}

func setOf(members []string) string {
	return "{ " + strings.Join(members, ", ") + " }"
}

func protocolOf(p netv1.NetworkPolicyPort) corev1.Protocol {
	if p.Protocol == nil {
		return corev1.ProtocolTCP
	}
	return *p.Protocol
}

// named gives the numbers of a pod's ports of this name.
func named(pod *corev1.Pod, name string, protocol corev1.Protocol) (numbers []int32) {
	containers := append(append([]corev1.Container{}, pod.Spec.InitContainers...), pod.Spec.Containers...)
	for _, container := range containers {
		for _, port := range container.Ports {
			own := port.Protocol
			if own == "" {
				own = corev1.ProtocolTCP
			}
			if port.Name == name && own == protocol {
				numbers = append(numbers, port.ContainerPort)
			}
		}
	}
	return numbers
}

// ports gives the matches of a rule's ports; targets are the pods at the receiving end, whose names of ports count.
func ports(list []netv1.NetworkPolicyPort, targets []endpoint) (matches []string) {
	if len(list) == 0 {
		return []string{""}
	}
	for _, p := range list {
		protocol := strings.ToLower(string(protocolOf(p)))
		switch {
		case p.Port == nil:
			matches = append(matches, "meta l4proto "+protocol+" ")
		case p.Port.Type == intstr.String:
			for _, target := range targets {
				for _, number := range named(target.pod, p.Port.StrVal, protocolOf(p)) {
					matches = append(matches, fmt.Sprintf("ip daddr %s %s dport %d ", target.address, protocol, number))
				}
			}
		default:
			matches = append(matches, fmt.Sprintf("%s dport %s ", protocol, numbers(p)))
		}
	}
	return matches
}

// numbers gives a port, or a range of ports.
func numbers(p netv1.NetworkPolicyPort) string {
	if p.EndPort != nil {
		return fmt.Sprintf("%d-%d", p.Port.IntVal, *p.EndPort)
	}
	return fmt.Sprint(p.Port.IntVal)
}

// apiMatches lets a rule that means the API server's Service stand for the API server: at the hook, the Service's address
// and port have become the node's, which a policy can't know.
func (w *world) apiMatches(rule netv1.NetworkPolicyEgressRule) (matches []string) {
	server := fmt.Sprintf("ip daddr %s tcp dport %d ", w.network.nodeAddress, w.network.apiPort)
	services := []string{}
	for _, peer := range rule.To {
		if peer.IPBlock == nil {
			continue
		}
		if match, ok := block("ct original ip daddr", peer.IPBlock); ok {
			services = append(services, match)
		}
	}
	if len(rule.To) == 0 {
		services = []string{""}
	}
	ports := []string{}
	for _, p := range rule.Ports {
		switch {
		case protocolOf(p) != corev1.ProtocolTCP || (p.Port != nil && p.Port.Type == intstr.String):
		case p.Port == nil:
			ports = append(ports, "")
		default:
			ports = append(ports, "ct original proto-dst "+numbers(p)+" ")
		}
	}
	if len(rule.Ports) == 0 {
		ports = []string{""}
	}
	cross(services, ports, func(match string) { matches = append(matches, server+match) })
	return matches
}

// rulesOf gives the matches that let traffic of a pod through, and whether anything else is dropped.
func (w *world) rulesOf(e endpoint, direction netv1.PolicyType) (rules []string, isolated bool) {
	add := func(policy *netv1.NetworkPolicy, match string) {
		rules = append(rules, match+"return comment \""+comment(policy)+"\"")
	}
	for _, policy := range w.policies {
		if policy.Namespace != e.pod.Namespace || !w.selector(&policy.Spec.PodSelector).Matches(labels.Set(e.pod.Labels)) {
			continue
		}
		for _, t := range policy.Spec.PolicyTypes {
			if t != direction {
				continue
			}
			isolated = true
			if t == netv1.PolicyTypeIngress {
				for _, rule := range policy.Spec.Ingress {
					sources, _ := w.peers(policy.Namespace, rule.From, "ip saddr")
					cross(sources, ports(rule.Ports, []endpoint{e}), func(match string) { add(policy, match) })
				}
				continue
			}
			for _, rule := range policy.Spec.Egress {
				destinations, pods := w.peers(policy.Namespace, rule.To, "ip daddr")
				cross(destinations, ports(rule.Ports, pods), func(match string) { add(policy, match) })
				for _, match := range w.apiMatches(rule) {
					add(policy, match)
				}
			}
		}
	}
	return rules, isolated
}

func cross(one, other []string, each func(string)) {
	for _, a := range one {
		for _, b := range other {
			each(a + b)
		}
	}
}

// comment fits nft's limit of 128 bytes.
func comment(policy *netv1.NetworkPolicy) string {
	text := policy.Namespace + "/" + policy.Name
	if len(text) > 120 {
		text = text[:120]
	}
	return text
}

// render gives the whole table as one nft transaction.
func render(w *world) string {
	sort.Slice(w.endpoints, func(i, j int) bool { return w.endpoints[i].address < w.endpoints[j].address })
	sort.Slice(w.policies, func(i, j int) bool { return comment(w.policies[i]) < comment(w.policies[j]) })

	chains := map[string]string{}
	// Pods with the same rules share a chain.
	chain := func(prefix string, rules []string) string {
		body := strings.Join(append(rules, "counter drop"), "\n  ")
		name := fmt.Sprintf("%s-%x", prefix, sha256.Sum256([]byte(body)))[:19]
		chains[name] = body
		return name
	}
	var known, self, ingress, egress []string
	for _, e := range w.endpoints {
		known = append(known, e.address)
		self = append(self, e.address+" . "+e.address)
		if rules, isolated := w.rulesOf(e, netv1.PolicyTypeIngress); isolated {
			ingress = append(ingress, e.address+" : jump "+chain("in", rules))
		}
		if rules, isolated := w.rulesOf(e, netv1.PolicyTypeEgress); isolated {
			egress = append(egress, e.address+" : jump "+chain("eg", rules))
		}
	}

	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("table inet %s", table)
	line("delete table inet %s", table)
	line("table inet %s {", table)
	elements("set known", "type ipv4_addr", known, line)
	elements("set self", "type ipv4_addr . ipv4_addr", self, line)
	names := make([]string, 0, len(chains))
	for name := range chains {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		line(" chain %s {\n  %s\n }", name, chains[name])
	}
	elements("map ingress", "type ipv4_addr : verdict", ingress, line)
	elements("map egress", "type ipv4_addr : verdict", egress, line)
	n := w.network
	// Only answers pass because of a connection; whoever opened it is checked at every packet, so that a new policy also
	// ends what is open.
	answers := "  ct state established ct direction reply accept\n  ct state related accept"
	line(" chain forward {\n  type filter hook forward priority -10; policy accept;")
	line("  meta nfproto != ipv4 counter drop")
	line("%s", answers)
	line("  iifname != %q ip saddr != @known counter drop", n.uplink)
	line("  iifname != %q ip daddr { 169.254.0.0/16, %s } counter drop", n.uplink, orNowhere(n.hostAddress))
	line("  oifname %q counter drop", n.uplink)
	line("  ip daddr != @known counter drop")
	line("  ip saddr . ip daddr @self accept")
	line("  ip saddr vmap @egress")
	line("  ip daddr vmap @ingress")
	line(" }")
	line(" chain input {\n  type filter hook input priority -10; policy accept;")
	line("  iifname { \"lo\", %q } accept", n.uplink)
	line("  meta nfproto != ipv4 counter drop")
	line("%s", answers)
	line("  ip saddr != @known counter drop")
	line("  ip daddr != %s counter drop", orNowhere(n.nodeAddress))
	line("  tcp dport != %d counter drop", n.apiPort)
	line("  ip saddr vmap @egress")
	line(" }\n}")
	return out.String()
}

// elements writes a set or map; nft doesn't take an empty list of elements.
func elements(name, kind string, members []string, line func(string, ...any)) {
	if len(members) == 0 {
		line(" %s { %s; }", name, kind)
		return
	}
	line(" %s { %s; elements = %s; }", name, kind, setOf(members))
}

func orNowhere(address string) string {
	if address == "" {
		return "0.0.0.0"
	}
	return address
}

// apply installs a rendered table in one transaction.
func apply(rules string) error {
	command := exec.Command("nft", "-f", "-")
	command.Stdin = strings.NewReader(rules)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, out)
	}
	return nil
}

// installed tells whether the table is still there.
func installed() bool {
	return exec.Command("nft", "list", "chain", "inet", table, "input").Run() == nil
}
