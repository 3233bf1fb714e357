// Package ext is in the place of Traefik's, which has no version of its own: it is where a distribution adds settings to
// those of routers, and this one adds none.
package ext

// HTTP adds to the settings of HTTP.
type HTTP struct{}

// Router adds to the settings of a router.
type Router struct{}
