package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// puller is a forward proxy for one client. A workload can name any registry, so what only this machine reaches stays
// out of its reach, unless it is named.
type puller struct {
	from  string
	allow []string
	plain http.Handler
}

var errNotPublic = errors.New("this address isn't one to pull images from")

func runProxy(listen, from string, allow []string) error {
	server := &http.Server{Addr: listen, Handler: newPuller(from, allow), ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

func newPuller(from string, allow []string) *puller {
	p := &puller{from: from, allow: allow}
	p.plain = &httputil.ReverseProxy{
		Rewrite: func(*httputil.ProxyRequest) {},
		Transport: &http.Transport{
			Proxy: p.upstream,
			DialContext: func(ctx context.Context, _, target string) (net.Conn, error) {
				return p.dial(ctx, target)
			},
		},
	}
	return p
}

// upstream is this machine's own proxy for a request, if it has one.
func (p *puller) upstream(request *http.Request) (*url.URL, error) {
	if slices.Contains(p.allow, request.URL.Host) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(request)
}

func (p *puller) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	client, _, err := net.SplitHostPort(request.RemoteAddr)
	if err != nil || client != p.from {
		http.Error(response, "only the node may pull images here", http.StatusForbidden)
		return
	}
	if request.Method != http.MethodConnect {
		if request.URL.Host == "" {
			http.Error(response, "this is a proxy", http.StatusBadRequest)
			return
		}
		p.plain.ServeHTTP(response, request)
		return
	}
	target, err := p.connect(request.Context(), request.Host)
	if err != nil {
		status := http.StatusBadGateway
		if errors.Is(err, errNotPublic) {
			status = http.StatusForbidden
		}
		http.Error(response, err.Error(), status)
		return
	}
	defer target.Close()
	hijacker, ok := response.(http.Hijacker)
	if !ok {
		return
	}
	connection, buffered, err := hijacker.Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(target, buffered)
		if half, ok := target.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	}()
	_, _ = io.Copy(connection, target)
}

// connect opens a tunnel, through this machine's own proxy if it has one.
func (p *puller) connect(ctx context.Context, target string) (net.Conn, error) {
	upstream, err := p.upstream(&http.Request{URL: &url.URL{Scheme: "https", Host: target}})
	if err != nil {
		return nil, err
	}
	if upstream == nil {
		return p.dial(ctx, target)
	}
	address := upstream.Host
	if upstream.Port() == "" {
		address = net.JoinHostPort(upstream.Hostname(), "80")
	}
	connection, err := (&net.Dialer{Timeout: 15 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: target}, Host: target, Header: http.Header{}}
	if upstream.User != nil {
		password, _ := upstream.User.Password()
		credentials := base64.StdEncoding.EncodeToString([]byte(upstream.User.Username() + ":" + password))
		request.Header.Set("Proxy-Authorization", "Basic "+credentials)
	}
	if err := request.Write(connection); err != nil {
		connection.Close()
		return nil, err
	}
	reader := bufio.NewReader(connection)
	answer, err := http.ReadResponse(reader, request)
	if err != nil {
		connection.Close()
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		connection.Close()
		return nil, fmt.Errorf("the proxy %s answers %s", address, answer.Status)
	}
	return &tunnel{connection, reader}, nil
}

// tunnel is a connection of which some may have been read already.
type tunnel struct {
	net.Conn
	reader *bufio.Reader
}

func (t *tunnel) Read(buffer []byte) (int, error) { return t.reader.Read(buffer) }

// dial connects without a proxy, to addresses that aren't only this machine's or its neighbours'.
func (p *puller) dial(ctx context.Context, target string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: 15 * time.Second}
	if slices.Contains(p.allow, target) {
		return dialer.DialContext(ctx, "tcp", target)
	}
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	err = errNotPublic
	for _, address := range addresses {
		if !p.public(address.Unmap()) {
			continue
		}
		var connection net.Conn
		// The address that was checked is the one that is used.
		if connection, err = dialer.DialContext(ctx, "tcp", net.JoinHostPort(address.Unmap().String(), port)); err == nil {
			return connection, nil
		}
	}
	return nil, err
}

func (p *puller) public(address netip.Addr) bool {
	return !address.IsLoopback() && !address.IsLinkLocalUnicast() && !address.IsMulticast() && !address.IsUnspecified() && address.String() != p.from
}
