package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// cniInput is what this plugin reads of its configuration.
type cniInput struct {
	CNIVersion string          `json:"cniVersion"`
	Socket     string          `json:"socket"`
	PrevResult json.RawMessage `json:"prevResult"`
}

// cni acts as the last plugin of a chain: it hands the result of the one before on.
func cni(command string, in io.Reader, out io.Writer) int {
	var input cniInput
	if err := json.NewDecoder(in).Decode(&input); err != nil {
		return cniFailure(out, input.CNIVersion, 6, "the configuration isn't JSON: "+err.Error())
	}
	switch command {
	case "VERSION":
		fmt.Fprintf(out, `{"cniVersion":%q,"supportedVersions":["0.4.0","1.0.0","1.1.0"]}`, input.CNIVersion)
	case "ADD":
		var result struct {
			IPs []struct {
				Address string `json:"address"`
			} `json:"ips"`
		}
		if err := json.Unmarshal(input.PrevResult, &result); err != nil || len(result.IPs) == 0 {
			return cniFailure(out, input.CNIVersion, 7, "expected prevResult with an address: this plugin follows another")
		}
		call := attachmentOf(os.Getenv("CNI_ARGS"))
		call.Container = os.Getenv("CNI_CONTAINERID")
		call.Address, _, _ = strings.Cut(result.IPs[0].Address, "/")
		// Without an answer the pod starts all the same: an address that the agent doesn't know is denied everything.
		if err := tell(input.Socket, call); err != nil {
			fmt.Fprintln(os.Stderr, "netpol:", err)
		}
		_, _ = out.Write(input.PrevResult)
	case "DEL":
		request, err := http.NewRequest(http.MethodDelete, "http://agent/pods/"+os.Getenv("CNI_CONTAINERID"), nil)
		if err == nil {
			_, _ = clientOf(input.Socket, time.Second).Do(request)
		}
	}
	return 0
}

func cniFailure(out io.Writer, version string, code int, message string) int {
	_ = json.NewEncoder(out).Encode(map[string]any{"cniVersion": version, "code": code, "msg": message})
	return 1
}

// attachmentOf reads CNI_ARGS: KEY=VALUE;KEY=VALUE.
func attachmentOf(args string) attachment {
	values := map[string]string{}
	for _, pair := range strings.Split(args, ";") {
		key, value, _ := strings.Cut(pair, "=")
		values[key] = value
	}
	return attachment{Namespace: values["K8S_POD_NAMESPACE"], Name: values["K8S_POD_NAME"], UID: values["K8S_POD_UID"]}
}

// tell tries for a while: the agent may be just starting.
func tell(socket string, call attachment) error {
	body, err := json.Marshal(call)
	if err != nil {
		return err
	}
	end := time.Now().Add(10 * time.Second)
	for {
		response, err := clientOf(socket, 12*time.Second).Post("http://agent/pods", "application/json", bytes.NewReader(body))
		if err == nil {
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				text, _ := io.ReadAll(response.Body)
				return fmt.Errorf("%s", bytes.TrimSpace(text))
			}
			return nil
		}
		if time.Now().After(end) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func clientOf(socket string, timeout time.Duration) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	return &http.Client{Timeout: timeout, Transport: &http.Transport{DialContext: dial}}
}
