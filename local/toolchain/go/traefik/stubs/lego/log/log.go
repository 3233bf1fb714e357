// Package log would be the client's log.
package log

import "log/slog"

// SetDefault does nothing.
func SetDefault(*slog.Logger) {}
