// Command gateway-crds prints the definitions of the Gateway API's standard channel: its module has them as files, which
// `go.sum` verifies.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const module = "sigs.k8s.io/gateway-api"

func main() {
	if err := print(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func print() error {
	answer, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		return fmt.Errorf("module %s: %w", module, err)
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(answer, &found); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(found.Dir, "config", "crd", "standard", "*.yaml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("module %s: expected files in config/crd/standard, found none", module)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		fmt.Printf("---\n%s\n", text)
	}
	return nil
}
