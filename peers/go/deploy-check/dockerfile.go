package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/opencontainers/go-digest"
)

// dockerfile does what `docker build --check` does, with the experimental rules too,
// and then looks whether what is copied is there and not ignored.
func dockerfile(ctx context.Context, arguments []string) ([]string, error) {
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return nil, err
	}
	source := llb.NewSourceMap(nil, arguments[0], "Dockerfile", text)
	source.Definition = &llb.Definition{}
	options := dockerfile2llb.ConvertOpt{SourceMap: source, MetaResolver: emptyImages{}}
	options.LinterConfig = &linter.Config{ExperimentalAll: true}
	results, err := dockerfile2llb.DockerfileLint(ctx, text, options)
	if err != nil {
		return nil, err
	}
	var findings []string
	for _, warning := range results.Warnings {
		findings = append(findings, fmt.Sprintf("line %d: %s: %s", line(warning.Location), warning.RuleName, warning.Detail))
	}
	if results.Error != nil {
		findings = append(findings, fmt.Sprintf("line %d: %s", line(&results.Error.Location), results.Error.Message))
	}
	missing, err := copies(text, arguments[1])
	return append(findings, missing...), err
}

func line(location *pb.Location) int32 {
	if len(location.GetRanges()) == 0 {
		return 0
	}
	return location.Ranges[0].Start.Line
}

// emptyImages stands for the registry, which a check without a network cannot ask:
// every base image exists and sets nothing.
type emptyImages struct{}

func (emptyImages) ResolveImageConfig(_ context.Context, name string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config := []byte(`{"architecture": "amd64", "os": "linux"}`)
	return name, digest.FromBytes(config), config, nil
}

func copies(text []byte, folder string) ([]string, error) {
	ignored, err := ignored(folder)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	var findings []string
	for _, stage := range stages {
		for _, command := range stage.Commands {
			if command, is := command.(*instructions.CopyCommand); is && command.From == "" {
				for _, source := range command.SourcePaths {
					findings = append(findings, copied(folder, source, ignored)...)
				}
			}
		}
	}
	return findings, nil
}

func copied(folder, source string, ignored *patternmatcher.PatternMatcher) []string {
	found, err := filepath.Glob(filepath.Join(folder, source))
	if err != nil || len(found) == 0 {
		return []string{fmt.Sprintf("COPY %s: there is no such thing", source)}
	}
	path := strings.Trim(filepath.ToSlash(filepath.Clean(source)), "/")
	if matches, err := ignored.MatchesOrParentMatches(path); path != "." && (err != nil || matches) {
		return []string{fmt.Sprintf("COPY %s: .dockerignore leaves it out", source)}
	}
	return nil
}

func ignored(folder string) (*patternmatcher.PatternMatcher, error) {
	file, err := os.Open(filepath.Join(folder, ".dockerignore"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	patterns, err := ignorefile.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return patternmatcher.New(patterns)
}
