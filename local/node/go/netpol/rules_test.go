package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var testNetwork = network{nodeAddress: "10.203.0.2", hostAddress: "10.203.0.1", podCIDR: "10.244.0.0/24", uplink: "eth0", apiPort: 6443}

func pod(namespace, name, address string, labels map[string]string) endpoint {
	return endpoint{address: address, pod: &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID(name), Labels: labels},
		Spec: corev1.PodSpec{NodeName: "node", Containers: []corev1.Container{{
			Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}, {Name: "dns", ContainerPort: 1053, Protocol: corev1.ProtocolUDP}},
		}}},
		Status: corev1.PodStatus{PodIP: address},
	}}
}

func namespaces(names ...string) map[string]*corev1.Namespace {
	all := map[string]*corev1.Namespace{}
	for _, name := range names {
		all[name] = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"name": name}}}
	}
	return all
}

func policy(namespace, name string, spec netv1.NetworkPolicySpec) *netv1.NetworkPolicy {
	return &netv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: spec}
}

func tcp(port int32) netv1.NetworkPolicyPort {
	number := intstr.FromInt32(port)
	return netv1.NetworkPolicyPort{Port: &number}
}

// chainOf gives the rules that a pod's traffic of one direction passes; "" if it isn't isolated.
func chainOf(t *testing.T, rules, direction, address string) string {
	t.Helper()
	_, rest, _ := strings.Cut(rules, " map "+direction+" {")
	line, _, _ := strings.Cut(rest, "\n")
	_, rest, found := strings.Cut(line, address+" : jump ")
	if !found {
		return ""
	}
	name := strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' })[0]
	_, rest, _ = strings.Cut(rules, " chain "+name+" {\n")
	body, _, _ := strings.Cut(rest, "\n }")
	return body
}

func expect(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("expected %q in:\n%s", part, text)
		}
	}
}

func TestAPodWithoutPolicyIsNotIsolated(t *testing.T) {
	rules := render(&world{network: testNetwork, endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil)}, namespaces: namespaces("a")})
	if chainOf(t, rules, "ingress", "10.244.0.2") != "" || chainOf(t, rules, "egress", "10.244.0.2") != "" {
		t.Error("expected no chain")
	}
	expect(t, rules, "elements = { 10.244.0.2 }")
}

func TestDefaultDenyDropsEverything(t *testing.T) {
	rules := render(&world{
		network: testNetwork, endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil), pod("b", "two", "10.244.0.3", nil)}, namespaces: namespaces("a", "b"),
		policies: []*netv1.NetworkPolicy{policy("a", "deny", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress", "Egress"}})},
	})
	for _, direction := range []string{"ingress", "egress"} {
		if got := strings.TrimSpace(chainOf(t, rules, direction, "10.244.0.2")); got != "counter drop" {
			t.Errorf("%s: got %q", direction, got)
		}
		if chainOf(t, rules, direction, "10.244.0.3") != "" {
			t.Error("the policy of one namespace reaches into another")
		}
	}
}

func TestSelectorsAndNamedPorts(t *testing.T) {
	name := intstr.FromString("http")
	rules := render(&world{
		network: testNetwork, namespaces: namespaces("a", "b"),
		endpoints: []endpoint{pod("a", "server", "10.244.0.2", map[string]string{"app": "server"}), pod("a", "friend", "10.244.0.3", map[string]string{"role": "friend"}),
			pod("b", "friend-elsewhere", "10.244.0.4", map[string]string{"role": "friend"}), pod("b", "other", "10.244.0.5", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "allow", netv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": "server"}}, PolicyTypes: []netv1.PolicyType{"Ingress"},
			Ingress: []netv1.NetworkPolicyIngressRule{{
				From:  []netv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"role": "friend"}}}},
				Ports: []netv1.NetworkPolicyPort{{Port: &name}},
			}},
		})},
	})
	chain := chainOf(t, rules, "ingress", "10.244.0.2")
	expect(t, chain, "ip saddr { 10.244.0.3 } ip daddr 10.244.0.2 tcp dport 8080 return")
	if strings.Contains(chain, "10.244.0.4") {
		t.Error("a pod selector alone reaches into another namespace")
	}
}

func TestNamespaceAndPodSelectorOfOnePeerBothCount(t *testing.T) {
	rules := render(&world{
		network: testNetwork, namespaces: namespaces("a", "b"),
		endpoints: []endpoint{pod("a", "server", "10.244.0.2", nil), pod("b", "yes", "10.244.0.3", map[string]string{"role": "friend"}), pod("b", "no", "10.244.0.4", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "allow", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress"}, Ingress: []netv1.NetworkPolicyIngressRule{{
			From: []netv1.NetworkPolicyPeer{{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"name": "b"}}, PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"role": "friend"}}}},
		}}})},
	})
	expect(t, chainOf(t, rules, "ingress", "10.244.0.2"), "ip saddr { 10.244.0.3 } return")
}

func TestAPeerThatStandsForNoPodAllowsNothing(t *testing.T) {
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "allow", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress"}, Ingress: []netv1.NetworkPolicyIngressRule{{
			From: []netv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"no": "body"}}}}}}})}})
	if got := strings.TrimSpace(chainOf(t, rules, "ingress", "10.244.0.2")); got != "counter drop" {
		t.Errorf("got %q", got)
	}
}

func TestAddressBlocks(t *testing.T) {
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "blocks", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress", "Egress"},
			Ingress: []netv1.NetworkPolicyIngressRule{{From: []netv1.NetworkPolicyPeer{
				{IPBlock: &netv1.IPBlock{CIDR: "10.203.0.1/32"}},
				{IPBlock: &netv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.0.0/16", "10.1.2.0/24"}}},
				{IPBlock: &netv1.IPBlock{CIDR: "fd00::/8"}},
			}, Ports: []netv1.NetworkPolicyPort{tcp(80)}}},
			Egress: []netv1.NetworkPolicyEgressRule{{To: []netv1.NetworkPolicyPeer{{IPBlock: &netv1.IPBlock{CIDR: "10.96.0.1/32"}}}, Ports: []netv1.NetworkPolicyPort{tcp(443)}}},
		})}})
	ingress := chainOf(t, rules, "ingress", "10.244.0.2")
	expect(t, ingress, "ip saddr 10.203.0.1/32 tcp dport 80 return", "ip saddr 10.0.0.0/8 ip saddr != 10.1.0.0/16 ip saddr != 10.1.2.0/24 tcp dport 80 return")
	if strings.Contains(ingress, "fd00") {
		t.Error("an IPv6 block has no place here")
	}
	expect(t, chainOf(t, rules, "egress", "10.244.0.2"), "ip daddr 10.203.0.2 tcp dport 6443 ct original ip daddr 10.96.0.1/32 ct original proto-dst 443 return")
}

func TestPortRangesAndProtocols(t *testing.T) {
	end, udp := int32(9000), corev1.ProtocolUDP
	ranged := tcp(8000)
	ranged.EndPort = &end
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "ports", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Egress"},
			Egress: []netv1.NetworkPolicyEgressRule{{Ports: []netv1.NetworkPolicyPort{ranged, {Protocol: &udp}}}}})}})
	expect(t, chainOf(t, rules, "egress", "10.244.0.2"), "tcp dport 8000-9000 return", "meta l4proto udp return")
}

func TestEgressToANamedPortMeansThatOfTheReceiver(t *testing.T) {
	name, udp := intstr.FromString("dns"), corev1.ProtocolUDP
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil), pod("a", "dns", "10.244.0.3", map[string]string{"k8s-app": "dns"})},
		policies: []*netv1.NetworkPolicy{policy("a", "dns", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Egress"}, Egress: []netv1.NetworkPolicyEgressRule{{
			To: []netv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"k8s-app": "dns"}}}}, Ports: []netv1.NetworkPolicyPort{{Port: &name, Protocol: &udp}}}}})}})
	expect(t, chainOf(t, rules, "egress", "10.244.0.2"), "ip daddr { 10.244.0.3 } ip daddr 10.244.0.3 udp dport 1053 return")
}

func TestPodsWithTheSameRulesShareAChain(t *testing.T) {
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil), pod("a", "two", "10.244.0.3", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "deny", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress"}})}})
	if got := strings.Count(rules, " chain in-"); got != 1 {
		t.Errorf("expected one chain, got %d", got)
	}
}

func TestWhatNoPolicyCanAllow(t *testing.T) {
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil)}})
	forward, input, _ := strings.Cut(rules, " chain input {")
	denied := strings.Index(forward, `iifname != "eth0" ip daddr { 169.254.0.0/16, 10.203.0.1 } counter drop`)
	evaluated := strings.Index(forward, "ip saddr vmap @egress")
	if denied < 0 || evaluated < denied {
		t.Error("the metadata address and the host have to be denied before any policy is asked")
	}
	expect(t, input, "ip daddr != 10.203.0.2 counter drop", "tcp dport != 6443 counter drop")
	expect(t, forward, "ip daddr != @known counter drop", `iifname != "eth0" ip saddr != @known counter drop`)
}

func TestAnAddressHasOneOwner(t *testing.T) {
	old, fresh := pod("a", "old", "10.244.0.2", nil).pod, pod("a", "fresh", "", nil).pod
	attached := map[string]attachment{"fresh": {UID: "fresh", Address: "10.244.0.2"}}
	got := endpointsOf([]*corev1.Pod{fresh, old}, attached, "node")
	if len(got) != 1 || got[0].pod != fresh {
		t.Errorf("expected the pod that CNI named, got %v", got)
	}
	done := pod("a", "done", "10.244.0.3", nil).pod
	done.Status.Phase = corev1.PodSucceeded
	if got := endpointsOf([]*corev1.Pod{done}, nil, "node"); len(got) != 0 {
		t.Error("a pod that has ended has no address")
	}
}

func TestStaleAddresses(t *testing.T) {
	got := staleAddresses(map[string]string{"1": "a", "2": "b", "3": "c"}, map[string]string{"1": "a", "2": "x"})
	if len(got) != 2 || !got["2"] || !got["3"] {
		t.Errorf("got %v", got)
	}
}

// nft itself checks that a full table is well-formed, where there is one and it may.
func TestNftTakesTheRules(t *testing.T) {
	end := int32(9000)
	ranged := tcp(8000)
	ranged.EndPort = &end
	rules := render(&world{network: testNetwork, namespaces: namespaces("a"), endpoints: []endpoint{pod("a", "one", "10.244.0.2", nil), pod("a", "two", "10.244.0.3", nil)},
		policies: []*netv1.NetworkPolicy{policy("a", "all", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{"Ingress", "Egress"},
			Ingress: []netv1.NetworkPolicyIngressRule{{From: []netv1.NetworkPolicyPeer{{IPBlock: &netv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.0.0/16", "10.1.2.0/24"}}}}, Ports: []netv1.NetworkPolicyPort{ranged}}},
			Egress:  []netv1.NetworkPolicyEgressRule{{To: []netv1.NetworkPolicyPeer{{IPBlock: &netv1.IPBlock{CIDR: "10.96.0.1/32"}}}, Ports: []netv1.NetworkPolicyPort{tcp(443), ranged}}},
		})}})
	command := exec.Command("unshare", "--net", "nft", "--check", "-f", "-")
	command.Stdin = strings.NewReader(rules)
	if out, err := command.CombinedOutput(); err != nil {
		if exec.Command("unshare", "--net", "nft", "list", "tables").Run() != nil {
			t.Skip("nft can't be used here")
		}
		t.Errorf("%v: %s\n%s", err, out, rules)
	}
}

// The rules are rendered anew for each pod that comes or goes.
func BenchmarkRenderOfManyTenants(b *testing.B) {
	w := &world{network: testNetwork, namespaces: map[string]*corev1.Namespace{}}
	dns := map[string]string{"k8s-app": "kube-dns"}
	w.namespaces["kube-system"] = namespaces("kube-system")["kube-system"]
	w.endpoints = append(w.endpoints, pod("kube-system", "coredns", "10.244.0.2", dns))
	for i := range 200 {
		name := fmt.Sprintf("team-%d", i)
		w.namespaces[name] = namespaces(name)[name]
		w.endpoints = append(w.endpoints, pod(name, "app", fmt.Sprintf("10.244.%d.%d", 1+i/250, 3+i%250), nil))
		toDNS := netv1.NetworkPolicyPeer{
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"name": "kube-system"}},
			PodSelector:       &metav1.LabelSelector{MatchLabels: dns},
		}
		ownTenant := netv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"name": name}}}
		w.policies = append(w.policies, policy(name, "tenant", netv1.NetworkPolicySpec{
			PolicyTypes: []netv1.PolicyType{netv1.PolicyTypeIngress, netv1.PolicyTypeEgress},
			Ingress:     []netv1.NetworkPolicyIngressRule{{From: []netv1.NetworkPolicyPeer{ownTenant}}},
			Egress:      []netv1.NetworkPolicyEgressRule{{To: []netv1.NetworkPolicyPeer{ownTenant}}, {To: []netv1.NetworkPolicyPeer{toDNS}, Ports: []netv1.NetworkPolicyPort{tcp(53)}}},
		}))
	}
	for b.Loop() {
		w.parsed = nil
		render(w)
	}
}
