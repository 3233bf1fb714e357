// Package types has what Traefik's provider for Amazon ECS names of a machine outside Amazon.
package types

// InstanceInformation is a machine.
type InstanceInformation struct {
	InstanceId *string
	IPAddress  *string
}

// InstanceInformationStringFilter chooses some.
type InstanceInformationStringFilter struct {
	Key    *string
	Values []string
}
