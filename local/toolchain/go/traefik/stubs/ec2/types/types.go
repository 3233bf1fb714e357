// Package types has what Traefik's provider for Amazon ECS names of a machine.
package types

// Instance is a machine.
type Instance struct {
	InstanceId       *string
	PrivateIpAddress *string
	State            *InstanceState
}

// InstanceState is a machine's state.
type InstanceState struct{ Name InstanceStateName }

// InstanceStateName names it.
type InstanceStateName string

// InstanceStateNameRunning is the one in which a machine serves.
const InstanceStateNameRunning InstanceStateName = "running"

// Reservation is a group of machines.
type Reservation struct{ Instances []Instance }
