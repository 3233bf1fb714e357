// Package ec2 is in the place of Amazon's, the largest of all that Traefik's provider for ECS would bring. The Gateway runs with
// the provider for Kubernetes alone.
package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var errAbsent = errors.New("this build of Traefik knows no machines of Amazon's")

// Client would ask Amazon.
type Client struct{}

// NewFromConfig makes one that can't.
func NewFromConfig(any) *Client { return &Client{} }

// DescribeInstancesInput asks for machines.
type DescribeInstancesInput struct{ InstanceIds []string }

// DescribeInstancesOutput has them.
type DescribeInstancesOutput struct{ Reservations []types.Reservation }

// DescribeInstancesPaginator would go through the pages of the answer.
type DescribeInstancesPaginator struct{}

// NewDescribeInstancesPaginator makes one.
func NewDescribeInstancesPaginator(*Client, *DescribeInstancesInput) *DescribeInstancesPaginator {
	return &DescribeInstancesPaginator{}
}

// HasMorePages says that there is an answer: NextPage's error.
func (*DescribeInstancesPaginator) HasMorePages() bool { return true }

// NextPage fails.
func (*DescribeInstancesPaginator) NextPage(context.Context) (*DescribeInstancesOutput, error) {
	return nil, errAbsent
}
