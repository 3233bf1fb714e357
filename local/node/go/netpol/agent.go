package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	netlisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// attachment is what a CNI call says about a pod.
type attachment struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	UID       string `json:"uid"`
	Container string `json:"container"`
	Address   string `json:"address"`
}

type agent struct {
	node       string
	network    network
	pods       corelisters.PodLister
	namespaces corelisters.NamespaceLister
	policies   netlisters.NetworkPolicyLister
	dirty      chan struct{}

	mutex sync.Mutex
	// attached has what CNI calls said, by the pod's UID: known before the API server knows it.
	attached map[string]attachment
	// wanted counts the calls, applied those that are in force; changed is closed and replaced when applied grows.
	wanted, applied uint64
	changed         chan struct{}
	failure         error
	last            string
	owners          map[string]string
}

// slim drops what the agent doesn't need, so that it holds little memory.
func slim(object any) (any, error) {
	switch o := object.(type) {
	case *corev1.Pod:
		o.ManagedFields, o.Annotations, o.Spec.Volumes, o.Status.ContainerStatuses = nil, nil, nil, nil
		for _, list := range [][]corev1.Container{o.Spec.InitContainers, o.Spec.Containers} {
			for i := range list {
				list[i] = corev1.Container{Name: list[i].Name, Ports: list[i].Ports}
			}
		}
	case *corev1.Namespace:
		o.ManagedFields, o.Annotations = nil, nil
	case *netv1.NetworkPolicy:
		o.ManagedFields, o.Annotations = nil, nil
	}
	return object, nil
}

func runAgent(kubeconfig, node, socket string, n network) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTransform(slim))
	a := &agent{
		node: node, network: n, dirty: make(chan struct{}, 1), attached: map[string]attachment{}, changed: make(chan struct{}),
		pods: factory.Core().V1().Pods().Lister(), namespaces: factory.Core().V1().Namespaces().Lister(),
		policies: factory.Networking().V1().NetworkPolicies().Lister(),
		failure:  errors.New("the policies aren't read yet"), owners: map[string]string{},
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { a.poke() }, UpdateFunc: func(any, any) { a.poke() }, DeleteFunc: func(any) { a.poke() },
	}
	for _, informer := range []cache.SharedIndexInformer{
		factory.Core().V1().Pods().Informer(), factory.Core().V1().Namespaces().Informer(), factory.Networking().V1().NetworkPolicies().Informer(),
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(socket); err != nil {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return err
	}
	go func() { log.Println(http.Serve(listener, a.handler())) }()
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	a.poke()
	a.loop(ctx)
	return nil
}

func (a *agent) poke() {
	select {
	case a.dirty <- struct{}{}:
	default:
	}
}

func (a *agent) loop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.dirty:
		}
		if err := a.update(); err != nil {
			log.Println(err)
			time.Sleep(time.Second)
			a.poke()
		}
		// Changes come in bursts.
		time.Sleep(20 * time.Millisecond)
	}
}

// update brings the table up to date with what is known.
func (a *agent) update() error {
	started := time.Now()
	a.mutex.Lock()
	wanted := a.wanted
	attached := make(map[string]attachment, len(a.attached))
	for uid, known := range a.attached {
		attached[uid] = known
	}
	a.mutex.Unlock()

	w := &world{network: a.network, namespaces: map[string]*corev1.Namespace{}}
	pods, err := a.pods.List(labels.Everything())
	if err != nil {
		return err
	}
	w.endpoints = endpointsOf(pods, attached, a.node)
	namespaces, err := a.namespaces.List(labels.Everything())
	if err != nil {
		return err
	}
	for _, namespace := range namespaces {
		w.namespaces[namespace.Name] = namespace
	}
	if w.policies, err = a.policies.List(labels.Everything()); err != nil {
		return err
	}
	rules := render(w)
	a.mutex.Lock()
	same := rules == a.last
	a.mutex.Unlock()
	if !same {
		err = apply(rules)
	}
	owners := map[string]string{}
	for _, e := range w.endpoints {
		owners[e.address] = string(e.pod.UID)
	}
	stale := staleAddresses(a.owners, owners)

	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.failure = err
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		// An address that a new pod gets must not bring the old one's connections with it.
		if err := forget(stale); err != nil {
			log.Printf("forgetting connections: %v", err)
		}
	}
	a.owners, a.last = owners, rules
	if wanted > a.applied {
		a.applied = wanted
		close(a.changed)
		a.changed = make(chan struct{})
	}
	if !same {
		log.Printf("%d policies for %d pods in force after %s", len(w.policies), len(w.endpoints), time.Since(started).Round(time.Millisecond))
	}
	return nil
}

// endpointsOf gives each address to one pod: what CNI said counts more than what the API server says, which may be old.
func endpointsOf(pods []*corev1.Pod, attached map[string]attachment, node string) []endpoint {
	byAddress := map[string]endpoint{}
	sure := map[string]bool{}
	for _, pod := range pods {
		if pod.Spec.NodeName != node || pod.Spec.HostNetwork || pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
			continue
		}
		known, certain := attached[string(pod.UID)]
		address := pod.Status.PodIP
		if certain {
			address = known.Address
		}
		other, taken := byAddress[address]
		newer := !taken || other.pod.CreationTimestamp.Before(&pod.CreationTimestamp)
		if address != "" && (certain && !sure[address] || certain == sure[address] && newer) {
			byAddress[address] = endpoint{pod, address}
			sure[address] = certain
		}
	}
	endpoints := make([]endpoint, 0, len(byAddress))
	for _, e := range byAddress {
		endpoints = append(endpoints, e)
	}
	return endpoints
}

// staleAddresses gives the addresses that have lost their owner.
func staleAddresses(before, now map[string]string) map[string]bool {
	stale := map[string]bool{}
	for address, owner := range before {
		if now[address] != owner {
			stale[address] = true
		}
	}
	return stale
}

func (a *agent) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(response http.ResponseWriter, _ *http.Request) {
		a.mutex.Lock()
		failure := a.failure
		a.mutex.Unlock()
		if failure == nil && !installed() {
			failure = errors.New("the nftables table is gone")
			a.mutex.Lock()
			a.last = ""
			a.mutex.Unlock()
			a.poke()
		}
		if failure != nil {
			http.Error(response, failure.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(response, "ok")
	})
	mux.HandleFunc("POST /pods", func(response http.ResponseWriter, request *http.Request) {
		var call attachment
		if err := json.NewDecoder(request.Body).Decode(&call); err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		if err := a.attach(request.Context(), call); err != nil {
			http.Error(response, err.Error(), http.StatusGatewayTimeout)
		}
	})
	mux.HandleFunc("DELETE /pods/{container}", func(_ http.ResponseWriter, request *http.Request) {
		a.detach(request.PathValue("container"))
	})
	return mux
}

// attach notes a pod's address and waits until its policies are in force.
func (a *agent) attach(ctx context.Context, call attachment) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	a.mutex.Lock()
	a.attached[call.UID] = call
	a.mutex.Unlock()
	// The kubelet may hear of a pod before this agent does.
	for !a.knows(call) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("pod %s/%s isn't known", call.Namespace, call.Name)
		case <-time.After(10 * time.Millisecond):
		}
	}
	a.mutex.Lock()
	a.wanted++
	mine := a.wanted
	a.mutex.Unlock()
	a.poke()
	for {
		a.mutex.Lock()
		done, changed := a.applied >= mine, a.changed
		a.mutex.Unlock()
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the policies of pod %s/%s aren't in force", call.Namespace, call.Name)
		case <-changed:
		}
	}
}

func (a *agent) knows(call attachment) bool {
	pod, err := a.pods.Pods(call.Namespace).Get(call.Name)
	return err == nil && string(pod.UID) == call.UID
}

// detach forgets what was said about a sandbox, and about pods that are long gone.
func (a *agent) detach(container string) {
	a.mutex.Lock()
	for uid, known := range a.attached {
		if known.Container == container {
			delete(a.attached, uid)
		}
	}
	a.mutex.Unlock()
	a.poke()
}
