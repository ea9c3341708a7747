// Command deploy-check reads files of deploy/ with the code of the programs that
// they are for, as strictly as that code can without starting anything.
//
//	deploy-check compose FILE                Docker Compose's own loader, and what it leaves to the engine
//	deploy-check dockerfile FILE CONTEXT     the lint rules of BuildKit, every one fatal
//	deploy-check envoy FILE                  Envoy's own API, with the rules written in it
//
// A check prints what is wrong, one finding a line, and ends with 1 if anything is. For tests that run
// what a file says, two more print it as JSON:
//
//	deploy-check show-compose FILE           the project as Compose sees it
//	deploy-check show-yaml FILE              every document, as an array
package main

import (
	"context"
	"fmt"
	"os"
)

type check func(ctx context.Context, arguments []string) ([]string, error)

var checks = map[string]struct {
	arguments int
	run       check
}{
	"compose":    {1, compose},
	"dockerfile": {2, dockerfile},
	"envoy":      {1, envoy},
	// These print for themselves, and find nothing.
	"show-compose": {1, showCompose},
	"show-yaml":    {1, showYAML},
}

func main() {
	if len(os.Args) < 2 || checks[os.Args[1]].run == nil || len(os.Args)-2 != checks[os.Args[1]].arguments {
		fmt.Fprintln(os.Stderr, "deploy-check compose FILE | dockerfile FILE CONTEXT | envoy FILE | show-compose FILE | show-yaml FILE")
		os.Exit(2)
	}
	arguments := os.Args[2:]
	findings, err := checks[os.Args[1]].run(context.Background(), arguments)
	if err != nil {
		findings = append(findings, err.Error())
	}
	for _, finding := range findings {
		fmt.Fprintf(os.Stderr, "%s: %s\n", arguments[0], finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}
