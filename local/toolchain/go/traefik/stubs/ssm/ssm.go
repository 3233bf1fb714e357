// Package ssm is in the place of Amazon's, as ec2 is.
package ssm

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

var errAbsent = errors.New("this build of Traefik knows no machines of Amazon's")

// Client would ask Amazon.
type Client struct{}

// NewFromConfig makes one that can't.
func NewFromConfig(any) *Client { return &Client{} }

// DescribeInstanceInformationInput asks for machines.
type DescribeInstanceInformationInput struct {
	Filters []types.InstanceInformationStringFilter
}

// DescribeInstanceInformationOutput has them.
type DescribeInstanceInformationOutput struct {
	InstanceInformationList []types.InstanceInformation
}

// DescribeInstanceInformationPaginator would go through the pages of the answer.
type DescribeInstanceInformationPaginator struct{}

// NewDescribeInstanceInformationPaginator makes one.
func NewDescribeInstanceInformationPaginator(
	*Client, *DescribeInstanceInformationInput,
) *DescribeInstanceInformationPaginator {
	return &DescribeInstanceInformationPaginator{}
}

// HasMorePages says that there is an answer: NextPage's error.
func (*DescribeInstanceInformationPaginator) HasMorePages() bool { return true }

// NextPage fails.
func (*DescribeInstanceInformationPaginator) NextPage(context.Context) (*DescribeInstanceInformationOutput, error) {
	return nil, errAbsent
}
