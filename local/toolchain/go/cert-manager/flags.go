package main

import (
	"os"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/sets"
	"sigs.k8s.io/yaml"

	certmanager "github.com/cert-manager/cert-manager/pkg/apis/certmanager"
	configuration "github.com/cert-manager/cert-manager/pkg/apis/config/controller/v1alpha1"
	"github.com/cert-manager/cert-manager/pkg/controller"
	"github.com/cert-manager/cert-manager/pkg/issuer/acme/dns/util"
)

// controllerFlags is what the controller is told by its command and the file that it names.
type controllerFlags struct {
	leaderNamespace string
	options         controller.ContextOptions
}

// controllerFlagsFrom reads a command's words. What they leave out is as upstream has it (internal/apis/config of its module).
func controllerFlagsFrom(arguments []string) (controllerFlags, error) {
	flags := controllerFlags{options: controllerDefaults()}
	options := &flags.options
	set := pflag.NewFlagSet("controller", pflag.ContinueOnError)
	set.Int("v", 2, "how much is logged")
	file := set.String("config", "", "a file with a ControllerConfiguration")
	set.StringVar(&options.ClusterResourceNamespace, "cluster-resource-namespace", "kube-system", "where ClusterIssuers have their Secrets")
	set.StringVar(&flags.leaderNamespace, "leader-election-namespace", "kube-system", "where leaders are elected")
	set.StringVar(&options.HTTP01SolverImage, "acme-http01-solver-image", "", "the image that answers HTTP01 challenges")
	set.IntVar(&options.MaxConcurrentChallenges, "max-concurrent-challenges", 60, "how many challenges at a time")
	if err := set.Parse(arguments); err != nil || *file == "" {
		return flags, err
	}
	text, err := os.ReadFile(*file)
	if err != nil {
		return flags, err
	}
	var read configuration.ControllerConfiguration
	if err := yaml.UnmarshalStrict(text, &read); err != nil {
		return flags, err
	}
	if enabled := read.EnableGatewayAPI; enabled != nil {
		options.EnableGatewayAPI = *enabled
	}
	return flags, nil
}

func controllerDefaults() controller.ContextOptions {
	return controller.ContextOptions{
		KubernetesAPIQPS:   20,
		KubernetesAPIBurst: 50,
		IssuerOptions:      controller.IssuerOptions{ClusterIssuerAmbientCredentials: true},
		ACMEOptions: controller.ACMEOptions{
			HTTP01SolverResourceRequestCPU:    resource.MustParse("10m"),
			HTTP01SolverResourceRequestMemory: resource.MustParse("64Mi"),
			HTTP01SolverResourceLimitsCPU:     resource.MustParse("100m"),
			HTTP01SolverResourceLimitsMemory:  resource.MustParse("64Mi"),
			ACMEHTTP01SolverRunAsNonRoot:      true,
			DNS01CheckAuthoritative:           true,
			DNS01Nameservers:                  util.RecursiveNameservers,
			DNS01CheckRetryPeriod:             10 * time.Second,
		},
		IngressShimOptions: controller.IngressShimOptions{
			DefaultIssuerKind:                 "Issuer",
			DefaultIssuerGroup:                certmanager.GroupName,
			DefaultAutoCertificateAnnotations: []string{"kubernetes.io/tls-acme"},
			GatewayAPIExtraProtocols:          sets.New[string](),
		},
		CertificateOptions: controller.CertificateOptions{
			CopiedAnnotationPrefixes:                 []string{"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/"},
			CertificateRequestMinimumBackoffDuration: time.Hour,
			CertificateRequestMaximumBackoffDuration: 32 * time.Hour,
		},
	}
}
